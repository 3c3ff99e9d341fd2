// The weighted total of a score sheet while it is filled in, and the question why a score is far from what was suggested.
// The server works the same out on every save (scoring/rules/sheets.py); without this file it is shown after one.
const form = globalThis.document?.querySelector('#sheet')
const shown = globalThis.document?.querySelector('[data-total]')

// The total in hundredths, half a one going up; null where nothing is scored. Whole numbers alone, as the server has it.
export const total = sheet => {
  let share = 0n
  let weight = 0n
  let over = 1n
  for (const { step, weight: own, lowest, highest } of sheet) {
    if (step === null) continue
    const width = BigInt(highest - lowest)
    share = share * width + BigInt(own * (step - lowest)) * over
    over *= width
    weight += BigInt(own)
  }
  return weight ? Number((share * 20000n + over * weight) / (over * weight * 2n)) : null
}

const crits = form ? [...form.querySelectorAll('[data-crit]')] : []
const read = crit => {
  const { crit: code, weight, lowest, highest, suggested } = crit.dataset
  const value = form.elements[`${code}.step`].value
  const step = /^\d+$/.test(value) ? Number(value) : null
  return { crit, code, value, step, weight: Number(weight), lowest: Number(lowest), highest: Number(highest), suggested }
}
const draw = () => {
  const sheet = crits.map(read)
  for (const one of sheet) {
    const far = one.step !== null && one.suggested !== undefined && Math.abs(one.step - Number(one.suggested)) > 1
    const apart = one.crit.querySelector('[data-apart]')
    apart.hidden = !far && !apart.querySelector('textarea').value && !apart.querySelector('.govuk-error-message')
    if (one.value) document.querySelector(`[data-so-far="${one.code}"]`).textContent = one.step ?? '-'
  }
  const found = total(sheet)
  if (found === null) return
  const mark = shown.dataset.mark
  shown.innerHTML = '<bdi dir="ltr"></bdi>'
  shown.firstChild.textContent = `${Math.floor(found / 100)}${mark}${String(found % 100).padStart(2, '0')}`
}
if (form) {
  form.addEventListener('change', draw)
  draw()
}
