import { DroverError } from './errors.ts';

/** Longest message of any transport, in bytes. */
export const maxMessageBytes = 16 * 1024 * 1024;

const maxDepth = 64;
const costOfOne = 8;

/** Text as plain JSON; an empty text is an empty object. Throws DroverError `bad-input`, which never quotes the text. */
export function parsePlainJson(text: string): unknown {
  if (text === '') {
    return {};
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DroverError('bad-input', 'The input is not JSON');
  }
  assertPlainJson(value);
  return value;
}

/**
 * Throws DroverError `bad-input` for keys that could reach a prototype, for what JSON cannot say and for nesting deeper
 * than 64, and `too-large` above about 16 MB.
 */
export function assertPlainJson(value: unknown): void {
  let size = 0;
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    size += costOfOne + (typeof next.value === 'string' ? next.value.length : 0);
    if (size > maxMessageBytes) {
      throw new DroverError('too-large', 'The input is larger than 16 MB');
    }
    if (next.depth > maxDepth) {
      throw new DroverError('bad-input', `The input is nested deeper than ${maxDepth}`);
    }
    for (const [key, inner] of childrenOf(next.value)) {
      size += key.length;
      open.push({ value: inner, depth: next.depth + 1 });
    }
  }
}

function childrenOf(value: unknown): [string, unknown][] {
  if (Array.isArray(value)) {
    return value.map((inner) => ['', inner]);
  }
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function') {
      throw new DroverError('bad-input', 'The input is not plain JSON');
    }
    return [];
  }
  // Not the prototype: an object that came through a structured clone may belong to another realm.
  if (Object.prototype.toString.call(value) !== '[object Object]') {
    throw new DroverError('bad-input', 'The input is not plain JSON');
  }
  const entries = Object.entries(value);
  if (entries.some(([key, inner]) => reachesPrototype(key, inner))) {
    throw new DroverError('bad-input', 'The input has a key that is not allowed, such as __proto__');
  }
  return entries;
}

function reachesPrototype(key: string, inner: unknown): boolean {
  if (key === 'constructor') {
    return typeof inner === 'object' && inner !== null && Object.hasOwn(inner, 'prototype');
  }
  return key === '__proto__';
}
