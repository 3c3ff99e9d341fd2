// A budget while it is written: what it comes to as one types, lines that are added and taken off. The page says the same
// after saving, by the server's own arithmetic (proposals/rules: amounts, budget, content); this file does it in the same
// way, in whole cents. Markup: templates/proposals/proposal/budget.html.
//
// Whoever saves a draft by script says `draft:saved` on the form, with the server's answer: its figures stay.

// ------------------------------------------------------------------------------------- amounts of six languages
const LARGEST = 100000000000n // cents
const LARGEST_QUANTITY = 100000000n // hundredths
const AMOUNT = /^-?[0-9]{1,15}(?:\.[0-9]{2})?$/
const QUANTITY = /^[0-9]{1,9}(?:\.[0-9]{1,2})?$/
const TYPED = new Map([...'٫٬．，\u2212－’'].map((sign, n) => [sign, '.,.,--\''[n]]))
for (const figures of ['٠١٢٣٤٥٦٧٨٩', '۰۱۲۳۴۵۶۷۸۹', '０１２３４５６７８９']) [...figures].forEach((sign, n) => TYPED.set(sign, String(n)))
for (const space of '\u00a0\u202f\u2009\u3000') TYPED.set(space, ' ')
const GROUPED = /^(?:[0-9]+|[0-9]{1,3}(?:([ ,.])[0-9]{3})(?:\1[0-9]{3})*)$/
const DOLLARS = '(?:USD|US\\s?\\$|\\$\\s?US|\\$|долл\\.?(?:\\s*США)?|دولار|美元)'
const BEFORE = new RegExp(`^\\s*${DOLLARS}\\s*`, 'iu')
const BEHIND = new RegExp(`\\s*${DOLLARS}\\s*$`, 'iu')
const NILS = new Set('-–—−－')

const UNSEEN = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g // marks of direction, signs of no width

export const oneLine = text => text.replace(/\p{Cc}/gu, ' ').replace(/[\p{Cs}\p{Cn}]/gu, '').split(/[^\S\ufeff]+/u).filter(Boolean).join(' ')

// Hundredths of what was typed; null for what is no amount, or leaves a doubt.
const parsed = (text, mark) => {
  let plain = [...text.trim()].map(sign => TYPED.get(sign) ?? sign).join('')
  const own = /[٫٬]/.test(text) ? '.' : mark
  const minus = plain.startsWith('-')
  if (minus) plain = plain.slice(1).trimStart()
  const last = Math.max(plain.lastIndexOf('.'), plain.lastIndexOf(','))
  let whole = plain
  let part = ''
  if (last >= 0 && plain.split(plain[last]).length === 2) {
    const [before, after] = [plain.slice(0, last), plain.slice(last + 1)]
    const decimal = after.length !== 3 || plain[last] === own || !/^\p{Nd}+$/u.test(before)
    if (after.length <= 2) [whole, part] = [before, after]
    else if (decimal && GROUPED.test(before) && /^[0-9]+$/.test(after)) return null
  }
  if (!GROUPED.test(whole) || !/^[0-9]*$/.test(part)) return null
  const found = BigInt(whole.replace(/[ ,.]/g, '') + part.padEnd(2, '0'))
  return minus ? -found : found
}
const read = (bare, mark, negative, largest) => {
  if (!bare) return null
  if (NILS.has(bare)) return 0n
  const brackets = /^\((.+)\)$/s.exec(bare)
  let found = parsed(brackets ? brackets[1] : bare, mark)
  if (found === null || (brackets && found < 0n)) return null
  if (brackets) found = -found
  return (found < 0n && !negative) || found > largest || -found > largest ? null : found
}
const withoutCurrency = text => {
  const bare = text.trim()
  const before = BEFORE.exec(bare)
  if (before && before[0].length < bare.length) return bare.slice(before[0].length)
  const behind = BEHIND.exec(bare)
  return behind?.index ? bare.slice(0, behind.index) : bare
}
const plainOf = text => BigInt(text.replace('.', '')) * (text.includes('.') ? 10n ** BigInt(2 - text.split('.')[1].length) : 100n)

export const centsOf = (typed, mark) => {
  const text = oneLine(typed)
  return AMOUNT.test(text) ? plainOf(text) : read(withoutCurrency(text.replace(UNSEEN, '')), mark, true, LARGEST)
}
export const quantityOf = (typed, mark) => {
  const text = oneLine(typed)
  return QUANTITY.test(text) ? plainOf(text) : read(text.replace(UNSEEN, '').trim(), mark, false, LARGEST_QUANTITY)
}

// ---------------------------------------------------------------------------------------------------- the sums
const CLASSES = new Set(['010', '120', '125', '130', '135', '140', '145', '160'])
const size = number => number < 0n ? -number : number
const halfUp = (number, over, under) => {
  const whole = (2n * size(number * over) + under) / (2n * under)
  return number * over < 0n ? -whole : whole
}
const rateOf = text => { const [whole, part = ''] = text.split('.'); return [BigInt(whole + part), 10n ** BigInt(part.length)] }

// Shares in proportion to weights that add up to the whole: largest remainder, the first wins a tie.
const split = (whole, weights) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0n)
  const shares = weights.map(weight => whole * weight / total)
  const rest = weights.map(weight => whole * weight % total)
  const left = Number(whole - shares.reduce((sum, share) => sum + share, 0n))
  weights.map((_, n) => n).sort((a, b) => rest[a] === rest[b] ? a - b : rest[a] < rest[b] ? 1 : -1).slice(0, left)
    .forEach(n => { shares[n] += 1n })
  return shares
}
export const lineCents = (line, mark) => {
  const [cents, many] = [centsOf(line.unit_cost ?? '', mark), quantityOf(line.quantity ?? '', mark)]
  return !CLASSES.has(line.class) || cents === null || many === null ? null : halfUp(cents, many, 100n)
}
const QUARTER = /^[0-9]{4}-Q[1-4]$/

// lines: {class, unit_cost, quantity, activity, quarter} as typed; over: the quarters of the proposal, as 2027-Q1.
export const sumsOf = (lines, rate, over, mark) => {
  const found = new Map()
  const add = (name, cents) => found.set(name, (found.get(name) ?? 0n) + cents)
  const counted = lines.map(line => ({ ...line, cents: lineCents(line, mark) }))
    .filter(line => line.cents !== null && line.cents > 0n && line.cents <= LARGEST)
  const direct = counted.reduce((sum, line) => sum + line.cents, 0n)
  const support = halfUp(direct, ...rateOf(rate))
  const parts = counted.flatMap(line => {
    const quarter = QUARTER.test(line.quarter ?? '') ? line.quarter : ''
    if (quarter || !over.length) return [[line.activity ?? '', quarter, line.cents]]
    return split(line.cents, over.map(() => 1n)).map((share, n) => [line.activity ?? '', over[n], share]).filter(([, , share]) => share)
  })
  const shares = direct ? split(support, parts.map(([, , cents]) => cents)) : []
  parts.forEach(([activity, quarter, cents], n) => {
    for (const name of [`activity:${activity}`, `quarter:${quarter}`, `year:${quarter.slice(0, 4)}`]) add(name, cents + shares[n])
  })
  for (const line of counted) add(`class:${line.class}`, line.cents)
  if (support) add('class:155', support)
  for (const [name, cents] of [['direct', direct], ['support', support], ['total', direct + support]]) found.set(name, cents)
  return found
}
export const shown = (cents, mark) => {
  if (!cents) return '-'
  const digits = String(size(cents)).padStart(3, '0')
  const text = digits.slice(0, -2).replace(/\B(?=(?:[0-9]{3})+$)/g, '\u00a0') + mark + digits.slice(-2)
  return cents < 0n ? `(${text})` : text
}

// ---------------------------------------------------------------------------------------------------- the page
const start = form => {
  const { rate, mark, floor, ceiling } = form.dataset
  const over = form.dataset.quarters.split(' ').filter(Boolean)
  const body = form.querySelector('[data-rows]')
  const said = form.querySelector('[data-taken-off]')
  const more = form.querySelector('[data-more]')
  const rows = () => [...body.querySelectorAll(':scope > [data-row]')]
  const part = (row, name) => form.elements[`lines-${row.dataset.row}-${name}`]
  const put = (name, text) => document.querySelectorAll(`[data-sum="${CSS.escape(name)}"]`).forEach(place => { place.textContent = text })
  const compare = total => {
    const [least, most] = [floor, ceiling].map(text => text ? BigInt(text) : null)
    const state = most !== null && total > most ? 'above' : total && least !== null && total < least ? 'below'
      : total && (most ?? least) !== null ? 'within' : ''
    put('over', shown(most !== null && total > most ? total - most : 0n, mark))
    put('lacking', shown(least !== null && total < least ? least - total : 0n, mark))
    for (const one of document.querySelectorAll('[data-verdict]')) one.hidden = one.dataset.verdict !== state
  }
  const reckon = () => {
    const lines = rows().map(row => {
      const line = Object.fromEntries(['class', 'unit_cost', 'quantity', 'activity', 'quarter'].map(name => [name, part(row, name).value]))
      const cents = lineCents(line, mark)
      row.querySelector('[data-line-total]').textContent = cents === null ? '' : shown(cents, mark)
      return line
    })
    const sums = sumsOf(lines, rate, over, mark)
    const names = new Set([...document.querySelectorAll('[data-sum]')].map(place => place.dataset.sum))
    for (const name of names) if (!['over', 'lacking'].includes(name)) put(name, shown(sums.get(name) ?? 0n, mark))
    for (const row of document.querySelectorAll('[data-name]')) row.hidden = !sums.get(row.dataset.name)
    compare(sums.get('total'))
  }
  let due = 0
  const soon = () => { due ||= requestAnimationFrame(() => { due = 0; reckon() }) }
  const changed = () => { form.dispatchEvent(new Event('input', { bubbles: true })); soon() }
  const number = () => rows().forEach((row, n) => { row.querySelector('[data-number]').textContent = n + 1 })

  const addLine = () => {
    const key = String(1 + Math.max(-1, ...rows().map(row => Number(row.dataset.row))))
    const id = 1 + Math.max(0, ...rows().map(row => Number(part(row, 'id').value.slice(1)) || 0))
    const made = body.querySelector('template').content.cloneNode(true)
    for (const one of made.querySelectorAll('*')) {
      for (const attribute of one.attributes) attribute.value = attribute.value.replaceAll('__id__', key)
    }
    body.querySelector(':scope > template').before(made)
    const row = rows().at(-1)
    part(row, 'id').value = `B${id}`
    number()
    more.hidden = rows().length >= Number(form.dataset.most)
    return row
  }
  const takeOff = row => {
    const next = row.nextElementSibling
    const what = Number(row.querySelector('[data-number]').textContent)
    const back = Object.assign(document.createElement('button'), { type: 'button', className: 'app-act', textContent: form.dataset.back })
    back.addEventListener('click', () => {
      (next?.parentNode ? next : body.querySelector(':scope > template')).before(row)
      said.replaceChildren()
      number()
      changed()
      part(row, 'what').focus()
    })
    row.remove()
    said.replaceChildren(form.dataset.taken.replace('…', what), ' ', back)
    number()
    changed()
    back.focus()
  }
  form.addEventListener('input', soon)
  form.addEventListener('change', soon)
  form.addEventListener('click', event => {
    const button = event.target.closest('button')
    if (button && button === more) { event.preventDefault(); part(addLine(), 'class').focus() }
    if (button?.name === 'take-off') { event.preventDefault(); takeOff(button.closest('[data-row]')) }
  })
  // what somebody else's script puts back into the fields says nothing but in the line of state
  const state = form.querySelector('[data-draft-said]')
  if (state) new MutationObserver(() => { number(); soon() }).observe(state, { childList: true })
  form.addEventListener('draft:saved', event => {
    reckon()
    for (const [name, text] of Object.entries(event.detail.totals ?? {})) put(name, text)
    for (const [place, text] of Object.entries(event.detail.lines ?? {})) {
      const total = body.querySelector(`:scope > [data-row="${CSS.escape(place.slice('lines-'.length))}"] [data-line-total]`)
      if (total) total.textContent = text
    }
  })
  reckon()
}
if (globalThis.document) document.querySelectorAll('form[data-budget]').forEach(start)
