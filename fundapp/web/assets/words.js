// Words as fundapp/proposals/rules/words.py counts them; a test holds the two to each other.
const EAST_ASIAN = /[\u2e80-\u312f\u3190-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff9f\uffe0-\uffe6\u{20000}-\u{3ffff}]/u
const SHARED = '‘’“”…‥·'
const HELD = ':;!?»%‰°€$)]؟؛،'
const BLANK = /[\t-\r\x1c-\x20\x85\u1680\u2000-\u200a\u2028\u2029\u205f\u3000]/
const INVISIBLE = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}\p{Cs}]/u
// b blank, h blank that holds, i invisible, e East Asian, s shared sign, d dash, n figure, m and o marks, w all others
const kind = letter => letter === '\u00a0' || letter === '\u202f'
  ? 'h'
  : BLANK.test(letter)
    ? 'b'
    : INVISIBLE.test(letter)
      ? 'i'
      : EAST_ASIAN.test(letter)
        ? 'e'
        : '—―–'.includes(letter)
          ? 'd'
          : HELD.includes(letter)
            ? 'm'
            : SHARED.includes(letter)
              ? 's'
              : letter === '«'
                ? 'o'
                : /\p{Nd}/u.test(letter) ? 'n' : 'w'
const WORD = /(?<signs>[sdi]{0,8}e[esdi]*)|[di]*[wsnmo](?:[wsnmoi]|(?<=n)h(?=n)|(?<=o)h|h(?=m))*[di]*|(?<dashes>[di]+)/g

export const count = text => {
  let found = 0
  for (const { 0: word, groups } of Array.from(text, kind).join('').matchAll(WORD)) {
    if (groups.signs) found += word.match(/[^i]i*/g).length
    else if (groups.dashes === undefined || word.includes('d')) found++
  }
  return found
}
