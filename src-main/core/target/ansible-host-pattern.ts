import ipaddr from 'ipaddr.js';
import { mostTargets, tooManyTargets } from './found-target.ts';

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The hosts of one entry of an inventory, or why it cannot be read. */
type HostPattern = { readonly names: readonly string[]; readonly port: string | null } | { readonly problem: string };

/** Reads `web[01:20].example.com:2222` as Ansible does. Throws DroverError `too-large`. */
export function readHostPattern(text: string): HostPattern {
  const { host, port } = partPort(text);
  if (isIPv6(host)) {
    return { names: [host], port };
  }
  const names = expand(host);
  return typeof names === 'string' ? { problem: names } : { names, port };
}

function partPort(text: string): { host: string; port: string | null } {
  const bracketed = /^\[([^[\]]+)\](?::(\d{1,5}))?$/.exec(text);
  if (bracketed?.[1] && isIPv6(bracketed[1])) {
    return { host: bracketed[1], port: bracketed[2] ?? null };
  }
  const afterRanges = text.lastIndexOf(']') + 1;
  const colon = text.indexOf(':', afterRanges);
  if (colon <= 0 || !/^\d{1,5}$/.test(text.slice(colon + 1))) {
    return { host: text, port: null };
  }
  return { host: text.slice(0, colon), port: text.slice(colon + 1) };
}

function isIPv6(text: string): boolean {
  return text.includes(':') && ipaddr.IPv6.isValid(text);
}

/** The names of all ranges in turn, the first one slowest; a sentence when one cannot be read. */
function expand(pattern: string): string[] | string {
  let heads = [''];
  let rest = pattern;
  for (let open = rest.indexOf('['); open >= 0; open = rest.indexOf('[')) {
    const close = rest.indexOf(']', open);
    const items = close < 0 ? null : readRange(rest.slice(open + 1, close));
    if (!items) {
      return `The range in ${pattern.slice(0, 100)} cannot be read: write [1:20], [01:20], [a:f] or [0:20:5]`;
    }
    if (heads.length * items.length > mostTargets) {
      throw tooManyTargets();
    }
    const before = rest.slice(0, open);
    heads = heads.flatMap((head) => items.map((item) => head + before + item));
    rest = rest.slice(close + 1);
  }
  return heads.map((head) => head + rest);
}

/** `begin:end` or `begin:end:step`, the end included; null when it is none. */
function readRange(text: string): string[] | null {
  const found = /^(?:(\d{0,9}):(\d{1,9})|([A-Za-z]):([A-Za-z]))(?::([1-9]\d{0,8}))?$/.exec(text);
  if (!found) {
    return null;
  }
  const [, begin, end, first, last, step = '1'] = found;
  if (first !== undefined && last !== undefined) {
    const places = listFrom(letters.indexOf(first), letters.indexOf(last), Number(step));
    return places?.map((at) => letters.charAt(at)) ?? null;
  }
  return begin === undefined || end === undefined ? null : readNumbers(begin, end, Number(step));
}

function readNumbers(begin: string, end: string, step: number): string[] | null {
  const isPadded = begin.length > 1 && begin.startsWith('0');
  if (isPadded && begin.length !== end.length) {
    return null;
  }
  const width = isPadded ? begin.length : 0;
  return listFrom(Number(begin), Number(end), step)?.map((n) => String(n).padStart(width, '0')) ?? null;
}

function listFrom(begin: number, end: number, step: number): number[] | null {
  const count = Math.floor((end - begin) / step) + 1;
  if (count > mostTargets) {
    throw tooManyTargets();
  }
  return count < 1 ? null : Array.from({ length: count }, (_, index) => begin + index * step);
}
