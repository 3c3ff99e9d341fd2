// Passkeys: between the form a page shows and the authenticator of the person.
//
// Markup (templates/security): a form holds the challenge that the server gave and takes the answer.
//   <form method="post" action="…" data-passkey="register | signin" data-options="{the server's JSON}">
//     <input type="hidden" name="csrf_token" value="…">
//     <input type="hidden" name="credential">
//     <button type="submit">…</button>
//     <p data-passkey-error hidden>…</p>       said when the person or the device declines
//     <p data-passkey-missing hidden>…</p>     said when the browser has no passkeys
//   </form>
// The first step, which asks the server for the challenge, is a plain form without data-passkey. With data-auto the
// authenticator is asked as soon as the page opens. Without this file the page says that passkeys need JavaScript.
const bytes = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0))
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
const listed = (list = []) => list.map(one => ({ ...one, id: bytes(one.id) }))

const register = async options => {
  const made = await navigator.credentials.create({ publicKey: {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: listed(options.excludeCredentials)
  } })
  return {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    extensions: JSON.stringify(made.getClientExtensionResults()),
    transports: made.response.getTransports?.() ?? [],
    response: {
      attestationObject: text(made.response.attestationObject),
      clientDataJSON: text(made.response.clientDataJSON),
      transports: made.response.getTransports?.() ?? []
    }
  }
}

const signin = async options => {
  const found = await navigator.credentials.get({ publicKey: {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: listed(options.allowCredentials)
  } })
  const { authenticatorData, clientDataJSON, signature, userHandle } = found.response
  return {
    id: found.id,
    rawId: text(found.rawId),
    type: found.type,
    extensions: JSON.stringify(found.getClientExtensionResults()),
    response: {
      authenticatorData: text(authenticatorData),
      clientDataJSON: text(clientDataJSON),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null
    }
  }
}

const steps = { register, signin }
for (const form of document.querySelectorAll('form[data-passkey]')) {
  const show = name => { const part = form.querySelector(`[data-passkey-${name}]`); if (part) part.hidden = false }
  if (!window.PublicKeyCredential) { show('missing'); continue }
  const ask = async () => {
    try {
      const options = JSON.parse(form.dataset.options)
      const answer = await steps[form.dataset.passkey](options.publicKey ?? options)
      form.elements.credential.value = JSON.stringify(answer)
      form.submit()
    } catch { show('error') }
  }
  form.addEventListener('submit', event => { event.preventDefault(); ask() })
  if ('auto' in form.dataset) ask()
}
