// Builds what browsers load and documents draw with, from the sources beside this file and the locked packages:
//   build/static  app.css app.rtl.css app.js budget.js draft.js passkey.js scores.js sending.js upload.js words.js govuk-frontend.min.js icon.svg
//   build/fonts   the Arabic type of documents
// Run it as `npm run build` from the project's folder.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import rtlcss from 'rtlcss'
import { compile } from 'sass'

const sources = dirname(fileURLToPath(import.meta.url))
const root = join(sources, '..', '..', '..')
const modules = join(root, 'node_modules')
const built = join(root, 'build', 'static')
const fonts = join(root, 'build', 'fonts')
for (const folder of [built, fonts]) mkdirSync(folder, { recursive: true })

// A server may be reading: a file appears whole or not at all.
const write = (path, content) => {
  writeFileSync(`${path}.new`, content)
  renameSync(`${path}.new`, path)
}
const copy = (from, to) => write(to, readFileSync(from))

const { css } = compile(join(sources, 'app.scss'), { loadPaths: [modules], style: 'compressed', quietDeps: true })
write(join(built, 'app.css'), css)
write(join(built, 'app.rtl.css'), rtlcss.process(css))

// app.js names the library it imports with its content's hash, as templates name app.js: both are cached for a year; so
// draft.js the counting of words.
const library = readFileSync(join(modules, 'govuk-frontend/dist/govuk/govuk-frontend.min.js'), 'utf8')
  .replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n')
write(join(built, 'govuk-frontend.min.js'), library)
const importing = (name, imported, text) => {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12)
  write(join(built, name), readFileSync(join(sources, name), 'utf8').replace(`'./${imported}'`, `'./${imported}?v=${hash}'`))
}
importing('app.js', 'govuk-frontend.min.js', library)
importing('draft.js', 'words.js', readFileSync(join(sources, 'words.js'), 'utf8'))
for (const name of ['budget.js', 'passkey.js', 'scores.js', 'sending.js', 'upload.js', 'words.js', 'icon.svg']) copy(join(sources, name), join(built, name))

const arabic = join(modules, '@expo-google-fonts/noto-naskh-arabic')
for (const style of ['400Regular', '700Bold']) {
  const name = `NotoNaskhArabic_${style}.ttf`
  copy(join(arabic, style, name), join(fonts, name))
}
