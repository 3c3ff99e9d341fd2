// Files that are sent: said at once when one is too large, and how far the reading of one is.
//
// Markup (templates/recommendations): <form data-sending> with an <input type="file" data-largest data-too-large> and a
// status <p data-sending-said="…">; <div data-progress="address of the state"> with a <progress>, a <p data-progress-now>
// that is seen and a <p data-progress-said> that is read aloud. Without this file the page says the same after sending,
// and loads itself again.
const EVERY = 1000 // milliseconds between two questions

for (const form of document.querySelectorAll('form[data-sending]')) {
  const file = form.querySelector('input[type=file][data-largest]')
  const said = form.querySelector('[data-sending-said]')
  const tooLarge = () => file.files[0]?.size > Number(file.dataset.largest)
  file.addEventListener('change', () => { said.textContent = tooLarge() ? file.dataset.tooLarge : '' })
  form.addEventListener('submit', event => {
    if (tooLarge()) { event.preventDefault(); file.focus() }
    said.textContent = tooLarge() ? file.dataset.tooLarge : said.dataset.sendingSaid
  })
}

for (const part of document.querySelectorAll('[data-progress]')) {
  const bar = part.querySelector('progress')
  const now = part.querySelector('[data-progress-now]')
  const said = part.querySelector('[data-progress-said]')
  let told = 0
  const ask = async () => {
    try {
      const answer = await fetch(part.dataset.progress, { headers: { Accept: 'application/json' } })
      if (answer.status >= 400 && answer.status < 500) { location.reload(); return } // signed out: the page says so
      const state = await answer.json()
      if (state.share) bar.value = state.share
      // read aloud every tenth of the way, and not every second
      const step = state.share ? Math.floor(state.share / 100) : Math.floor(state.rows / 10000)
      now.textContent = state.text
      if (step !== told || state.over) { told = step; said.textContent = state.text }
      if (state.over) { location.reload(); return }
    } catch { /* the line is down: asked again */ }
    setTimeout(ask, EVERY)
  }
  setTimeout(ask, EVERY)
}
