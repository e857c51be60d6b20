import type { Scrubber } from './scrubber.ts';

/** Fields that come from outside as they are, or hold what nobody but this node may know. */
const leftOut = new Set([
  'args',
  'agent',
  'authorization',
  'becomePassword',
  'cookie',
  'environment',
  'finalText',
  'host',
  'link',
  'origin',
  'parameters',
  'passphrase',
  'password',
  'privateKey',
  'sealed',
  'secret',
  'stdin',
  'text',
  'token',
  'url',
]);

/** Fields of errors whose quotes repeat what was given to somebody. */
const quoting = new Set(['message', 'reason', 'problem', 'misfit']);
/** From the first quote to the last: what stands between may hold quotes of its own, of which nobody knows which close. */
const quoted = /["'`].*["'`]/s;
const deepest = 6;
const mostItems = 20;

/** An error's sentence without what it quotes, which may be what somebody typed. */
export const withoutQuotes = (text: string): string => text.replace(quoted, '"…"');

/** One line of the log as it may leave the house; the fixed sentence, the time and numbers stay. */
export function scrubLogLine(line: Readonly<Record<string, unknown>>, scrubber: Scrubber): Record<string, unknown> {
  const { time, level, msg, ...fields } = line;
  return { time, level, msg, ...(scrub(fields, { scrubber, depth: 0, name: '' }) as object) };
}

type Place = { readonly scrubber: Scrubber; readonly depth: number; readonly name: string };

function scrub(value: unknown, { scrubber, depth, name }: Place): unknown {
  if (leftOut.has(name) || depth > deepest) {
    return typeof value === 'number' ? value : '[left out]';
  }
  if (typeof value === 'string') {
    return scrubber.text(name === 'stack' ? framesOf(value) : quoting.has(name) ? withoutQuotes(value) : value);
  }
  if (Array.isArray(value)) {
    return value.slice(0, mostItems).map((item) => scrub(item, { scrubber, depth: depth + 1, name: '' }));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, scrub(item, { scrubber, depth: depth + 1, name: key })]),
    );
  }
  return value;
}

/** Without the message, which begins it. */
function framesOf(stack: string): string {
  const at = stack.indexOf('\n    at ');
  return at < 0 ? '' : stack.slice(at + 1);
}
