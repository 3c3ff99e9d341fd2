// Drafts: what is typed is saved two seconds after the last key, kept in the browser while the line is down, and sent
// when it returns. Everything works without this file, by the page's own buttons.
//
// Markup (templates/proposals/proposal/section.html): <form data-draft data-person="…" data-say-…="…"> with the fields
// version, csrf_token and who; a status <p data-draft-said>; rows in [data-rows] with a <template>. The server answers
// JSON to X-Draft: 200 saved, 401 signed out, 409 an old token or no draft any more, 412 somebody else saved, 422 refused.
// A copy is of one person, one page and one tab: nobody else who signs in here is shown it.
import { count } from './words.js'

const AFTER = 2000 // milliseconds after the last key
const LONGEST = 60000 // between two attempts
const PATIENCE = 60000 // with a line on which nothing moves: then it counts as down
const form = document.querySelector('form[data-draft]')
const status = document.querySelector('[data-draft-said]')
const enter = document.querySelector('[data-draft-enter]')
const fields = form.elements
const place = `draft:${form.dataset.person}:${new URL(form.action).pathname}:`
let tab = ''
let timer
let wait = AFTER
let going = null // the attempt that is under way
let dirty = false
let halted = !!form.querySelector('[data-clash]') // until the person has chosen between two texts, or looked at a refusal
let sent = null // what was last sent and not answered: it may have arrived

// ------------------------------------------------------------------------------------------------ what is said
const say = (kind, waits, more = form.dataset[`say${kind}More`], values = {}) => {
  let text = form.dataset[`say${kind}`]
  for (const [name, value] of Object.entries(values)) text = text.replace(`{${name}}`, value)
  const strong = document.createElement('b')
  strong.textContent = text
  status.dataset.state = kind
  status.classList.toggle('app-saved--wait', waits)
  status.classList.toggle('app-saved--clash', kind === 'Clash')
  enter.hidden = !['SignedOut', 'Other'].includes(kind)
  status.replaceChildren(strong, ' ', Object.assign(document.createElement('span'), { textContent: more ?? '' }))
}
const clock = time => new Intl.DateTimeFormat(`${document.documentElement.lang}-u-nu-latn`, { hour: '2-digit', minute: '2-digit' })
  .format(new Date(time))

// ---------------------------------------------------------------------------------------------- what is typed
const mine = () => {
  const found = new URLSearchParams(new FormData(form))
  for (const name of ['csrf_token', 'version', 'who']) found.delete(name)
  return found
}

// ---------------------------------------------------------------------------------------------- copies kept here
const copies = {
  all () {
    try { return Object.keys(localStorage).filter(key => key.startsWith(place)) } catch { return [] }
  },
  keep () {
    try {
      localStorage.setItem(place + tab, JSON.stringify({ version: fields.version.value, at: Date.now(), body: mine().toString(), sent }))
      return true
    } catch { return false }
  },
  read (key) {
    try { return JSON.parse(localStorage.getItem(key)) } catch { return null }
  },
  drop (key = place + tab) {
    try { localStorage.removeItem(key) } catch { /* there is none */ }
  }
}

// --------------------------------------------------------------------------------------------------------- rows
const number = (block, id) => Number(id.slice(block.dataset.prefix.length)) || 0
const rowsOf = block => [...block.querySelectorAll(':scope > [data-row]')]
const addRow = (block, id) => {
  const following = 1 + Math.max(0, ...rowsOf(block).map(row => number(block, row.dataset.row)))
  const made = block.querySelector('template').content.cloneNode(true)
  const name = id ?? block.dataset.prefix + following
  for (const part of made.querySelectorAll('*')) {
    for (const attribute of part.attributes) attribute.value = attribute.value.replaceAll('__id__', name)
    for (const text of part.childNodes) if (text.nodeType === 3) text.data = text.data.replaceAll('__id__', name)
  }
  const row = made.querySelector('[data-row]')
  block.querySelector(':scope > template').before(made)
  offer()
  return row
}
// Lists that name other rows of this page: what was just typed there can be chosen here.
const offer = () => {
  for (const list of form.querySelectorAll('select[data-source]')) {
    const blocks = list.dataset.source.split(' ').map(name => form.querySelector(`[data-rows="f.${name}"]`)).filter(Boolean)
    for (const block of blocks) {
      for (const row of rowsOf(block)) {
        const id = row.dataset.row
        const said = fields[`${block.dataset.rows}.${id}.text`]?.value.trim().replace(/\s+/g, ' ') ?? ''
        let option = [...list.options].find(one => one.value === id)
        if (!option && said) list.append(option = new Option('', id))
        if (option && said) option.text = `${id} · ${said.length > 70 ? said.slice(0, 69) + '…' : said}`
      }
    }
  }
}

// ------------------------------------------------------------------------------------------------------- words
const counted = () => {
  for (const said of form.querySelectorAll('[data-words]')) {
    const control = fields[said.dataset.words]
    said.textContent = form.dataset.words.replace('{found}', count(control.value)).replace('{most}', control.dataset.most)
  }
}

// ------------------------------------------------------------------------------------------------------ saving
const later = after => { clearTimeout(timer); timer = setTimeout(save, after) }
const down = () => {
  dirty = true
  say('Offline', true, copies.keep() ? undefined : form.dataset.sayUnkeptMore)
  wait = Math.min(wait * 2, LONGEST)
  later(wait)
}
const save = () => {
  clearTimeout(timer)
  going ??= attempt().finally(() => { going = null })
  return going
}
const attempt = async (again = false) => {
  if (halted || !dirty) return !dirty
  dirty = false
  say('Saving', true)
  const body = mine()
  const now = body.toString()
  if (sent !== null) body.set('before', sent)
  sent = now
  copies.keep()
  body.set('who', fields.who.value)
  body.set('csrf_token', fields.csrf_token.value)
  const line = new AbortController()
  const patience = setTimeout(() => line.abort(), PATIENCE)
  try {
    const headers = { 'X-Draft': '1', Accept: 'application/json', 'If-Match': `"${fields.version.value}"` }
    const answer = await fetch(form.action, { method: 'POST', body, headers, redirect: 'error', signal: line.signal })
    const found = answer.headers.get('Content-Type')?.startsWith('application/json') ? await answer.json() : {}
    if (found.error === 'token' && !again) {
      fields.csrf_token.value = found.token
      dirty = true
      return attempt(true)
    }
    return heard(answer.status, found)
  } catch {
    down()
    return false
  } finally {
    clearTimeout(patience)
  }
}
const heard = (code, found) => {
  if (code === 200) {
    fields.version.value = found.version
    wait = AFTER
    sent = null
    form.dispatchEvent(new CustomEvent('draft:saved', { detail: found }))
    if (dirty) later(AFTER)
    else { copies.drop(); say('Saved', false, undefined, { time: clock(found.time) }) }
    return true
  }
  dirty = true
  copies.keep()
  if (code === 412) clash(found)
  else if (code === 401) say(found.error === 'other' ? 'Other' : 'SignedOut', true)
  else if (found.reasons) { halted = true; say('Refused', true, found.reasons.join(' ')) }
  else down()
  return false
}
const clash = found => {
  halted = true
  sent = null
  fields.version.value = found.version
  form.querySelector('[data-clash]')?.remove()
  const both = document.createElement('template')
  both.innerHTML = found.html // drawn by our own server, which escapes what people wrote
  form.dataset.sayClash = both.content.querySelector('[data-clash]').dataset.clash // who it was
  say('Clash', true)
  form.prepend(both.content)
  form.querySelector('[data-clash] section')?.focus()
}

// ---------------------------------------------------------------------------------------- what was kept before
const restore = copy => {
  const found = new URLSearchParams(copy.body)
  for (const block of form.querySelectorAll('[data-rows]')) {
    const there = new Set(rowsOf(block).map(row => row.dataset.row))
    for (const id of found.getAll(block.dataset.rows)) if (!there.has(id)) addRow(block, id)
  }
  offer()
  for (const control of fields) {
    if (!control.name || ['csrf_token', 'version', 'who'].includes(control.name) || control.type === 'submit') continue
    const values = found.getAll(control.name)
    if (['checkbox', 'radio'].includes(control.type)) control.checked = values.includes(control.value)
    else if (control.type !== 'hidden' && values.length) control.value = values[0]
  }
  fields.version.value = copy.version
  sent = copy.sent
  dirty = true
  counted()
  say('Restored', true)
  later(0)
}
// A tab holds its name for as long as it lives, so that no other takes its copy from it.
const named = async () => {
  try {
    tab = sessionStorage.getItem('draft-tab') ?? crypto.randomUUID()
    if (!navigator.locks) return []
    const hold = name => new Promise(resolve => {
      navigator.locks.request(`draft:${name}`, { ifAvailable: true }, lock => { resolve(!!lock); return lock && new Promise(() => {}) })
    })
    if (!await hold(tab)) { tab = crypto.randomUUID(); await hold(tab) }
    sessionStorage.setItem('draft-tab', tab)
    return (await navigator.locks.query()).held.map(lock => lock.name.slice('draft:'.length)).filter(name => name !== tab)
  } catch { return [] }
}
const begin = async () => {
  const alive = await named()
  const waiting = copies.all().filter(key => !alive.includes(key.slice(place.length)))
  const newest = waiting.map(key => [key, copies.read(key)]).filter(([, copy]) => copy).sort((a, b) => b[1].at - a[1].at)
  const [key, copy] = newest.find(([key]) => key === place + tab) ?? newest[0] ?? []
  if (!copy || dirty || form.querySelector('[data-clash]')) return
  restore(copy)
  if (key !== place + tab && copies.keep()) copies.drop(key)
}

form.addEventListener('input', event => {
  dirty = true
  if (halted && !form.querySelector('[data-clash]')) halted = false
  counted()
  if (event.target.name?.endsWith('.text')) offer()
  copies.keep()
  if (!halted) { if (wait === AFTER) say('Typing', true); later(wait) }
})
// What the line cannot take stays in the page instead of being lost with it.
form.addEventListener('submit', async event => {
  const button = event.submitter
  if (button?.name === 'add' && button.closest('[data-rows]')) {
    event.preventDefault()
    addRow(button.closest('[data-rows]')).querySelector('textarea, input:not([type=hidden]), select').focus()
    return
  }
  if (form.dataset.going) return
  event.preventDefault()
  await going
  const chosen = form.querySelector('[data-clash]')
  if (chosen) halted = false
  dirty = true
  const done = await save()
  if (done && chosen) location.assign(form.action)
  else if (done || (halted && !form.querySelector('[data-clash]'))) {
    form.dataset.going = '1'
    form.requestSubmit(button)
  } else {
    if (chosen && form.contains(chosen)) halted = true
    if (!form.querySelector('[data-clash]')) status.scrollIntoView({ block: 'center' }) // far above the button on a narrow screen
  }
})
const again = () => { if (dirty && !halted) { wait = AFTER; later(0) } }
addEventListener('online', again)
document.addEventListener('visibilitychange', () => { if (!document.hidden) again() })
addEventListener('focus', again)
addEventListener('pageshow', event => { if (event.persisted) delete form.dataset.going })
begin()
