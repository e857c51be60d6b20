import { splitWords, sshWords } from './split-words.ts';

/** One machine of a ProxyJump as it is written. */
export type JumpText = { readonly user: string | null; readonly host: string; readonly port: number | null };

/** The machines of `[user@]host[:port],…` in the order they are passed, the nearest first; null when it is not of this form. */
export function parseJumps(text: string): JumpText[] | null {
  if (text.toLowerCase() === 'none') {
    return [];
  }
  const jumps = text.split(',').map((part) => parseJump(part.trim()));
  return jumps.every((jump) => jump !== null) ? jumps : null;
}

function parseJump(text: string): JumpText | null {
  const plain = text.replace(/^ssh:\/\//i, '').replace(/\/$/, '');
  const at = plain.lastIndexOf('@');
  const user = at > 0 ? plain.slice(0, at) : null;
  const place = plain.slice(at + 1);
  const found = /^\[([^[\]]+)\](?::(\d{1,5}))?$/.exec(place) ?? /^([^:[\]\s]+)(?::(\d{1,5}))?$/.exec(place);
  if (!found?.[1] || found[1].startsWith('-')) {
    return null;
  }
  return { user, host: found[1], port: found[2] === undefined ? null : Number(found[2]) };
}

/** The machine of the one ProxyCommand that says no more than a ProxyJump: `ssh -W %h:%p host`. */
export function jumpOfCommand(command: string): string | null {
  const words = splitWords(command, sshWords)?.filter((word) => word !== '-q');
  if (!words || words.length !== 4 || !/^(?:\/\S*\/)?ssh$/.test(words[0] ?? '')) {
    return null;
  }
  const at = words.indexOf('-W');
  const isPlain = (at === 1 || at === 2) && ['%h:%p', '[%h]:%p'].includes(words[at + 1] ?? '');
  return isPlain ? (words[at === 1 ? 3 : 1] ?? null) : null;
}
