/** Characters that JSON allows as they are and a terminal may act on. */
const acting = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** One JSON object as one line; the same value for a parser, and harmless where a person looks at it. */
export function jsonLine(value: object): string {
  const text = JSON.stringify(value).replace(
    acting,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
  return `${text}\n`;
}
