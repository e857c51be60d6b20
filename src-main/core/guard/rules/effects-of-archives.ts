import { type Call, effects } from './call.ts';
import { readOptions } from './options.ts';
import type { Effect } from './rule.ts';

/** What packing and unpacking does; undefined for other programs. */
export function packEffects(call: Call): readonly Effect[] | undefined {
  switch (call.name) {
    case 'tar':
    case 'bsdtar':
    case 'gtar':
      return tarEffects(call);
    case 'unzip':
      return unzipEffects(call);
    case '7z':
    case '7za':
    case '7zr':
    case 'unrar':
      return extractEffects(call);
    case 'cpio':
      return cpioEffects(call);
    default:
      return undefined;
  }
}

function extractEffects({ name, args, what }: Call): Effect[] {
  const folders =
    name === 'unrar'
      ? args.slice(2).filter((word) => word.endsWith('/'))
      : args.filter((word) => word.startsWith('-o')).map((word) => word.slice(2));
  return /^[ex]$/.test(args[0] ?? '') ? effects('unpack', folders, { name, args, what }) : [];
}

function cpioEffects(call: Call): Effect[] {
  const options = readOptions(call.args, { letters: 'DFIORE', long: ['directory'] });
  const folders = options.valuesOf('D', 'directory');
  return options.has('i', 'p', 'extract', 'pass-through')
    ? effects('unpack', folders.length > 0 ? folders : ['.'], call)
    : [];
}

const tarLong = [
  'file',
  'directory',
  'exclude',
  'files-from',
  'exclude-from',
  'use-compress-program',
  'checkpoint',
  'checkpoint-action',
  'to-command',
  'strip-components',
  'transform',
  'owner',
  'group',
  'mode',
  'newer-mtime',
  'listed-incremental',
];

function tarEffects(call: Call): Effect[] {
  const [first = '', ...rest] = call.args;
  const args = first !== '' && !first.startsWith('-') ? [...oldStyle(first, rest)] : call.args;
  const options = readOptions(args, { letters: 'fCTXbIgKNFHV', long: tarLong });
  const folders = options.valuesOf('C', 'directory');
  if (options.has('x', 'extract', 'get')) {
    const target = folders.at(-1) ?? '.';
    const [member] = options.operands;
    // Single members, named, are single files.
    return member !== undefined && options.operands.every((one) => !/[*\uFDD4]/.test(one))
      ? effects(
          'replace',
          options.operands.map((one) => `${target}/${one}`),
          call,
        )
      : effects('unpack', [target], call);
  }
  const base = folders.at(-1);
  const sources = options.operands.map((one) => (one.startsWith('/') || base === undefined ? one : `${base}/${one}`));
  const removed = options.has('remove-files') ? effects('delete-tree', sources, call) : [];
  const isMaking = options.has('c', 'create', 'r', 'append', 'u', 'update');
  return [...removed, ...(isMaking ? effects('write', options.valuesOf('f', 'file'), call) : [])];
}

/** `tar xzf FILE`: letters without a dash, their values in order behind them. */
function oldStyle(letters: string, rest: readonly string[]): string[] {
  const words: string[] = [];
  let at = 0;
  for (const letter of letters) {
    words.push(`-${letter}`);
    if ('fCTXbIgKNFHV'.includes(letter)) {
      words.push(rest[at] ?? '');
      at += 1;
    }
  }
  return [...words, ...rest.slice(at)];
}

function unzipEffects(call: Call): Effect[] {
  const options = readOptions(call.args, { letters: 'dxP' });
  if (options.has('l', 't', 'v', 'p', 'Z')) {
    return [];
  }
  return effects('unpack', options.has('d') ? options.valuesOf('d') : ['.'], call);
}
