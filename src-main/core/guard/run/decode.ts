import { isUnknown, mark } from '../marks.ts';

/** Bytes as text; undefined when they are none. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What base64 text stands for; undefined when it is none. */
export function fromBase64(text: string): string | undefined {
  return textFromBytes(bytesFromBase64(text));
}

export function bytesFromBase64(text: string): Uint8Array | undefined {
  const clean = text.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  if (clean === '' || !/^[A-Za-z0-9+/]+$/.test(clean)) {
    return undefined;
  }
  try {
    return Uint8Array.from(atob(clean), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function textFromBytes(bytes: Uint8Array | undefined): string | undefined {
  return bytes && textOf(bytes);
}

export function fromHex(text: string): string | undefined {
  const clean = text.replace(/0x|\\x|[\s:,]/gi, '');
  if (clean === '' || clean.length % 2 !== 0 || !/^[\da-f]+$/i.test(clean)) {
    return undefined;
  }
  return textOf(Uint8Array.from(clean.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function fromBase32(text: string): string | undefined {
  const clean = text.replace(/\s+|=+$/g, '').toUpperCase();
  const bits = Array.from(clean, (char) => char)
    .map((char) => base32.indexOf(char).toString(2).padStart(5, '0'))
    .join('');
  return /^[A-Z2-7]+$/.test(clean)
    ? textOf(Uint8Array.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))))
    : undefined;
}

/** UTF-16 little-endian, as PowerShell encodes commands. */
export function fromEncodedCommand(text: string): string | undefined {
  const bytes = bytesFromBase64(text);
  return bytes && new TextDecoder('utf-16le').decode(bytes);
}

/** What a decoder prints: nobody can read what was hidden in a text that is not here. */
export function decoded(text: string | null, decode: (text: string) => string | undefined): string {
  return text === null || isUnknown(text) ? mark.fetched : (decode(text) ?? mark.fetched);
}
