import type { Inquiry } from './inquiry.ts';
import { structureRules } from './rules/structure-rules.ts';

const maximumLength = 1_000_000;

/** Turns of the reading direction, and letters that take no room. */
const unseen = /[\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\u061C\u180E\uFEFF\u00AD\u{E0000}-\u{E007F}]/u;
// oxlint-disable-next-line no-control-regex -- these characters are what is looked for
const control = /[\u0001-\u0008\u000B\u000C\u000E-\u001F\u007F\u0080-\u009F]/;
const blanks = /[\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]/;
const reserved = /[\uFDD0-\uFDEF]/;
/** Letters of other alphabets and widths, next to plain ones in one word that names a program or an option. */
const lookAlike = /[\uFF01-\uFF5E]/;
const mixed = /(?:[a-z][\u0370-\u03FF\u0400-\u052F]|[\u0370-\u03FF\u0400-\u052F][a-z])/i;

/** What can be said of a text before anybody reads it; false when it must not be read at all. */
export function checkRaw(text: string, inquiry: Inquiry): boolean {
  if (text.includes('\0')) {
    inquiry.hit(structureRules.nul, text.slice(0, 80).replaceAll('\0', '\u2400'));
  }
  if (text.length > maximumLength) {
    inquiry.hit(structureRules.tooMuch, `${text.length} characters`);
    return false;
  }
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const place = [unseen, control, reserved].map((one) => body.search(one)).find((at) => at >= 0) ?? commandLooks(body);
  if (place !== undefined) {
    const code = body.codePointAt(place) ?? 0;
    inquiry.at(place);
    inquiry.hit(structureRules.deceptive, `U+${code.toString(16).toUpperCase().padStart(4, '0')} in the text`);
  }
  return !reserved.test(body);
}

/** Wide letters, foreign blanks and mixed alphabets matter where a command begins, not in what it prints. */
function commandLooks(text: string): number | undefined {
  if (!/[^\n -~\t\r]/.test(text)) {
    return undefined;
  }
  let at = 0;
  for (const line of text.split('\n')) {
    const bare = line.replace(/'[^']*'|"[^"]*"|(^|\s)#.*$/g, (quoted) => ' '.repeat(quoted.length));
    const found = [blanks, lookAlike, mixed].map((one) => bare.search(one)).find((place) => place >= 0);
    if (found !== undefined) {
      return at + found;
    }
    at += line.length + 1;
  }
  return undefined;
}
