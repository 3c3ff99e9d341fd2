// Documents of a proposal sent in parts, so that one that breaks off goes on where it did, even after the page was
// loaded again and the same file chosen.
//
// Markup (templates/proposals/proposal/document.html): <form data-upload="address" data-kind data-document data-person
// data-largest data-…="what to say"> with input[type=file], a hidden <div data-upload-progress> with a <progress> and
// <p data-upload-now>, and <p role="status" data-upload-said>. Without this file the form sends the file in one piece.
const PART = 512 * 1024
const PATIENCE = 300000 // with one answer: a part takes so long at two kilobytes a second, and a line that stalls says nothing
const WAITS = [1000, 2000, 4000, 8000, 15000, 30000] // milliseconds between two tries

const after = wait => new Promise(done => {
  const timer = setTimeout(finish, wait)
  function finish () { clearTimeout(timer); window.removeEventListener('online', finish); done() }
  window.addEventListener('online', finish)
})

for (const form of document.querySelectorAll('form[data-upload]')) {
  const words = form.dataset
  const input = form.querySelector('input[type=file]')
  const progress = form.querySelector('[data-upload-progress]')
  const bar = progress.querySelector('progress')
  const now = form.querySelector('[data-upload-now]')
  const said = form.querySelector('[data-upload-said]')
  const button = form.querySelector('button[type=submit]')
  const headers = { Accept: 'application/json', 'X-CSRFToken': form.elements.csrf_token.value }
  let told = -1
  let busy = false

  const say = text => { if (said.textContent !== text) said.textContent = text }
  const show = (received, size) => {
    const share = size ? Math.floor(100 * received / size) : 0
    bar.value = share
    now.textContent = words.sending.replace('{share}', share)
    if (Math.floor(share / 25) !== told) { told = Math.floor(share / 25); say(now.textContent) } // aloud by quarters
  }
  // Asks until there is an answer that trying again would not change; of a server in trouble a few times only.
  const ask = async (address, options) => {
    for (let tries = 0; ; tries++) {
      const line = new AbortController()
      const patience = setTimeout(() => line.abort(), PATIENCE)
      try {
        const answer = await fetch(address, { ...options, headers: { ...headers, ...options.headers }, signal: line.signal })
        if ((answer.status < 500 && answer.status !== 429) || tries >= WAITS.length) return answer
        say((await refused(answer)).message)
      } catch { say(words.away) } finally { clearTimeout(patience) } // the line is down
      await after(WAITS[Math.min(tries, WAITS.length - 1)])
    }
  }
  const refused = async answer => {
    const told = await answer.json().catch(() => ({}))
    return new Error(told.reasons?.[0] ?? told.error ?? words.failed)
  }
  const remembered = file =>
    ['upload', words.person, words.upload, words.kind, words.document, file.name, file.size, file.lastModified].join(' ')

  const begun = async file => {
    const id = localStorage.getItem(remembered(file))
    if (id) {
      const answer = await ask(`${words.upload}/${id}`, {})
      const state = answer.ok ? await answer.json() : null
      if (state && !state.done && state.size === file.size) {
        say(words.again.replace('{share}', Math.floor(100 * state.received / state.size)))
        return state
      }
    }
    const body = new URLSearchParams({
      name: file.name, size: file.size, kind: words.kind, document: words.document, title: form.elements.title?.value ?? ''
    })
    const answer = await ask(words.upload, { method: 'POST', body })
    if (!answer.ok) throw await refused(answer)
    const state = await answer.json()
    localStorage.setItem(remembered(file), state.id)
    return state
  }
  const send = async file => {
    let { id, received } = await begun(file)
    for (;;) {
      show(received, file.size)
      const part = file.slice(received, received + PART)
      if (received + part.size === file.size) say(words.looking)
      const answer = await ask(`${words.upload}/${id}`, {
        method: 'PATCH', body: part,
        headers: { 'Upload-Offset': received, 'Content-Type': 'application/octet-stream' }
      })
      const state = answer.headers.get('Content-Type')?.startsWith('application/json') ? await answer.clone().json() : {}
      if (state.received === undefined || (!answer.ok && answer.status !== 409)) {
        localStorage.removeItem(remembered(file))
        throw await refused(answer)
      }
      received = state.received
      if (state.done) {
        localStorage.removeItem(remembered(file))
        location.assign(state.at)
        return
      }
    }
  }

  input.addEventListener('change', () => {
    say(input.files[0]?.size > Number(words.largest) ? words.tooLarge : '')
  })
  form.addEventListener('submit', async event => {
    const [file] = input.files
    if (busy || !file?.size) { if (busy) event.preventDefault(); return } // the server says what is wrong with nothing
    event.preventDefault()
    if (file.size > Number(words.largest)) { say(words.tooLarge); input.focus(); return }
    busy = button.disabled = true
    progress.hidden = false
    told = -1
    try {
      await send(file)
    } catch (error) {
      say(error.message)
      progress.hidden = true
      busy = button.disabled = false
      input.focus()
    }
  })
}
