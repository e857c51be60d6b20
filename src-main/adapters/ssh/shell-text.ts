/** One word of a POSIX shell's text: nothing in it is expanded. Throws for NUL, which no shell can hold. */
export function quoted(word: string): string {
  if (word.includes('\0')) {
    throw new RangeError('a word of shell text holds a NUL character');
  }
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

const escapes: Readonly<Record<number, string>> = {
  0x0a: String.raw`\n`,
  0x25: '%%',
  0x5c: '\\\\',
  0x27: String.raw`\047`,
};

/** The format of a `printf` that writes exactly these bytes, in single quotes and on one line. */
export function printfFormat(bytes: Uint8Array): string {
  let format = '';
  for (const byte of bytes) {
    // A dash at the beginning would make an option of it.
    const isPlain = byte >= 0x20 && byte < 0x7f && (byte !== 0x2d || format !== '');
    format += escapes[byte] ?? (isPlain ? String.fromCodePoint(byte) : `\\${byte.toString(8).padStart(3, '0')}`);
  }
  return `'${format}'`;
}

/** Sets a variable on one line, whatever the value holds, its last newlines too. */
export function assignment(name: string, value: string): string {
  return /[\n\r]/.test(value)
    ? `${name}=$(printf ${printfFormat(new TextEncoder().encode(`${value}.`))}); ${name}=\${${name}%.}`
    : `${name}=${quoted(value)}`;
}
