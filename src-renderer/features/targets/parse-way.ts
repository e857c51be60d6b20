import type { TargetFields } from '#contract/target';

/** The machines of `[user@]host[:port],…`, the nearest first; null when it is not of this form. */
export function parseWay(text: string): TargetFields['jump'] | null {
  const hops = text
    .split(/[\s,，、→]+/)
    .filter((word) => word !== '')
    .map(parseHop);
  return hops.every((hop) => hop !== null) ? hops : null;
}

function parseHop(word: string): TargetFields['jump'][number] | null {
  const at = word.lastIndexOf('@');
  const place = word.slice(at + 1);
  const found = /^\[([^[\]]+)\](?::(\d{1,5}))?$/.exec(place) ?? /^([^:[\]]+)(?::(\d{1,5}))?$/.exec(place);
  return found?.[1] === undefined
    ? null
    : { address: found[1], port: Number(found[2] ?? 22), user: at > 0 ? word.slice(0, at) : null, credentialId: null };
}
