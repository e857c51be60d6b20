const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{20000}-\u{3FFFD}]/u;
const nothing = /\p{M}|\u200C|\u200D/u;

/** Terminal cells one character takes, as xterm's own (Unicode 6) table has it. */
export function cellWidth(char: string): 0 | 1 | 2 {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x300) {
    return 1;
  }
  if (nothing.test(char)) {
    return 0;
  }
  return wide.test(char) ? 2 : 1;
}
