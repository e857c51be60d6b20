import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignment, printfFormat, quoted } from '#adapters/ssh/shell-text';

const inShell = (text: string): Buffer => execFileSync('/bin/sh', ['-s'], { input: text });

const word = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.toWellFormed().replaceAll('\0', ''));
const text = fc.oneof(
  word,
  fc.string({ unit: fc.constantFrom('-', "'", '"', '\\', '%', '\n', '\r', 'n', '0', '$', '`', '!', 'ä') }),
);

describe('a word of shell text', () => {
  it('means itself, whatever it holds', () => {
    const words = fc.sample(text, 300);
    const said = inShell(`printf '%s\\0' ${words.map(quoted).join(' ')}`).toString();
    expect(said).toBe(words.map((each) => `${each}\0`).join(''));
  });

  it('cannot hold NUL', () => {
    expect(() => quoted('a\0b')).toThrow(RangeError);
  });
});

describe('the format of a printf', () => {
  it('writes exactly its bytes, in single quotes and on one line', () => {
    const all = fc.sample(fc.uint8Array({ maxLength: 40 }), 300);
    const cases = [Buffer.from('--'), Buffer.from('-n %s'), Buffer.from([0, 0x30, 0x31]), ...all];
    const formats = cases.map(printfFormat);
    expect(formats.filter((format) => !/^'[ -&(-~]*'$/.test(format))).toEqual([]);
    const said = inShell(formats.map((format) => `printf ${format}`).join('\n'));
    expect(said.equals(Buffer.concat(cases))).toBe(true);
  });
});

describe('an assignment', () => {
  it('keeps the value to the byte on one line, its last newlines too', () => {
    const values = ['\n', '-\n', '\r', '%s\n\n', "'\n'", ...fc.sample(text, 200)];
    const lines = values.map((value) => assignment('value', value));
    expect(lines.filter((line) => /[\r\n]/.test(line))).toEqual([]);
    const said = inShell(lines.map((line) => `${line}; printf '%s\\0' "$value"`).join('\n')).toString();
    expect(said).toBe(values.map((value) => `${value}\0`).join(''));
  });
});
