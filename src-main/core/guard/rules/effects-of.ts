import type { Scene } from '../bench.ts';
import { type Call, type EffectReader, effects } from './call.ts';
import { changeEffects } from './effects-of-rights.ts';
import { copyEffects } from './effects-of-copies.ts';
import { findEffects } from './effects-of-find.ts';
import { packEffects } from './effects-of-archives.ts';
import { readOptions } from './options.ts';
import type { Effect } from './rule.ts';

const remove: EffectReader = (call) => {
  const options = readOptions(call.args);
  if (options.has('help', 'version')) {
    return [];
  }
  return effects(options.has('r', 'R', 'recursive') ? 'delete-tree' : 'delete', options.operands, call);
};

const removeTrees: EffectReader = (call) => effects('delete-tree', readOptions(call.args).operands, call);

const shred: EffectReader = (call) => {
  const options = readOptions(call.args, { letters: 'ns', long: ['iterations', 'size', 'random-source'] });
  return [
    ...effects('write', options.operands, call),
    ...(options.has('u', 'remove') ? effects('delete', options.operands, call) : []),
  ];
};

const dd: EffectReader = (call) => effects('write', valuesAfter(call.args, 'of='), call);

function valuesAfter(args: readonly string[], name: string): string[] {
  return args.filter((word) => word.startsWith(name)).map((word) => word.slice(name.length));
}

const format: EffectReader = (call) =>
  effects(
    'format',
    readOptions(call.args, { letters: 'bCdEeFgGiIjJKLlmMnNoOPpRrTtUuzS'.replace(/[FKMn]/g, '') }).operands,
    call,
  );

type Writes = { readonly letters?: string; readonly long?: readonly string[]; readonly when?: readonly string[] };

/** Programs that write all their operands, perhaps only with an option. */
const writesOperands =
  ({ letters, long, when }: Writes, from = 0): EffectReader =>
  (call) => {
    const options = readOptions(call.args, { letters, long });
    return when && !options.has(...when) ? [] : effects('write', options.operands.slice(from), call);
  };

const tee: EffectReader = (call) => {
  const options = readOptions(call.args);
  return effects(options.has('a', 'append') ? 'append' : 'write', options.operands, call);
};

const sed: EffectReader = (call) => {
  const options = readOptions(call.args, { letters: 'efl', long: ['expression', 'file', 'line-length'] });
  if (!options.has('i', 'in-place')) {
    return effects('write', written(call.args), call);
  }
  const hasScript = options.valuesOf('e', 'expression', 'f', 'file').length > 0;
  return effects('write', options.operands.slice(hasScript ? 0 : 1), call);
};

/** Files that `w` in a sed script names. */
function written(args: readonly string[]): string[] {
  return args.flatMap((word) => /(?:^|[;/}gip\s])w\s+(\/\S+)\s*$/.exec(word)?.[1] ?? []);
}

const namesOutput =
  (letters: string, ...names: readonly string[]): EffectReader =>
  (call) => {
    const options = readOptions(call.args, { letters: `${letters}${outputLetters}`, long: names });
    return effects('write', options.valuesOf(...Array.from(letters), ...names), call);
  };
const outputLetters = 'HdXuAbek';

/** `perl -pi -e CODE FILE…` changes files in place. */
const inPlace: EffectReader = (call) => {
  const options = readOptions(call.args, { letters: 'eEIMmF' });
  const hasCode = options.valuesOf('e', 'E').length > 0;
  return options.has('i') ? effects('write', options.operands.slice(hasCode ? 0 : 1), call) : [];
};

const wget: EffectReader = (call) => {
  const options = readOptions(call.args, { letters: 'OPaotTUe', long: ['output-document', 'directory-prefix'] });
  const folders = options
    .valuesOf('P', 'directory-prefix')
    .flatMap((folder) => options.operands.map((url) => `${folder}/${lastPart(url)}`));
  return [...effects('write', options.valuesOf('O', 'output-document'), call), ...effects('replace', folders, call)];
};

function lastPart(url: string): string {
  return (
    url
      .replace(/[?#].*$/, '')
      .split('/')
      .at(-1) ?? ''
  );
}

const mount: EffectReader = (call) => {
  const options = readOptions(call.args, { letters: 'toOLUTN', long: ['types', 'options', 'source', 'target'] });
  const flags = options.valuesOf('o', 'options').join(',');
  const isRemount = /(^|,)remount(,|$)/.test(flags);
  if (isRemount && !/(^|,)ro(,|$)/.test(flags) && !options.has('r', 'read-only')) {
    return [];
  }
  const target = isRemount ? options.operands.at(-1) : options.operands[1];
  return effects('mount', [...options.valuesOf('target'), ...(target === undefined ? [] : [target])], call);
};

const unmount: EffectReader = (call) => effects('mount', readOptions(call.args, { letters: 'tO' }).operands, call);

const rsync: EffectReader = (call) => {
  const options = readOptions(call.args, {
    letters: 'efTBM',
    long: [
      'rsh',
      'filter',
      'exclude',
      'include',
      'exclude-from',
      'files-from',
      'backup-dir',
      'compare-dest',
      'copy-dest',
      'link-dest',
      'out-format',
      'log-file',
      'password-file',
      'bwlimit',
      'timeout',
      'port',
      'chmod',
      'chown',
      'rsync-path',
      'partial-dir',
      'temp-dir',
      'max-size',
      'min-size',
      'info',
      'debug',
    ],
  });
  const { operands } = options;
  const target = operands.length > 1 ? operands.at(-1) : undefined;
  if (target === undefined || options.has('n', 'dry-run')) {
    return [];
  }
  const path = target.replace(/^[\w.@-]+::?/, '');
  const deletes = deleting.some((name) => call.args.some((word) => word === `--${name}` || word.startsWith('--del')));
  const sources = operands.slice(0, -1);
  const isTree = options.has('a', 'r', 'archive', 'recursive') && sources.some((source) => source.endsWith('/'));
  const gone = options.has('remove-source-files') ? effects('delete-tree', sources, call) : [];
  return [
    ...gone,
    ...effects(deletes ? 'delete-tree' : isTree ? 'unpack' : 'replace', [deletes || isTree ? path : `${path}/…`], call),
  ];
};
const deleting = ['delete', 'del'];

const git: EffectReader = (call) => {
  const at = call.args.indexOf('-C');
  const folder = at >= 0 ? (call.args[at + 1] ?? '.') : '.';
  const cleans = call.args.includes('clean') && call.args.some((word) => /^-\w*f/.test(word) || word === '--force');
  return cleans && call.args.some((word) => /^-\w*d/.test(word)) ? effects('delete-tree', [`${folder}/*`], call) : [];
};

const swap: EffectReader = (call) => effects('format', readOptions(call.args, { letters: 'LpUv' }).operands, call);

const table: Readonly<Record<string, EffectReader>> = {
  rm: remove,
  unlink: remove,
  srm: remove,
  grm: remove,
  wipe: remove,
  rimraf: removeTrees,
  trash: removeTrees,
  'trash-put': removeTrees,
  'safe-rm': remove,
  shred,
  dd,
  dcfldd: dd,
  dc3dd: dd,
  find: findEffects,
  gfind: findEffects,
  mkswap: swap,
  tee,
  sponge: tee,
  sed,
  gsed: sed,
  truncate: writesOperands({ letters: 'sr', long: ['size', 'reference'] }),
  ed: writesOperands({ letters: 'p' }),
  ex: writesOperands({ letters: 'cSuT' }),
  vi: writesOperands({ letters: 'cSuT', when: ['e', 'c', 's'] }),
  vim: writesOperands({ letters: 'cSuT', when: ['e', 'c', 's'] }),
  patch: writesOperands({ letters: 'pidDoBVFYzgr' }),
  perl: inPlace,
  ruby: inPlace,
  pv: namesOutput('o', 'output'),
  curl: namesOutput('o', 'output'),
  sort: namesOutput('o', 'output'),
  openssl: (call) =>
    effects(
      'write',
      call.args.flatMap((word, index) => (word === '-out' ? [call.args[index + 1] ?? ''] : [])),
      call,
    ),
  'ssh-keygen': () => [],
  gpg: namesOutput('o', 'output'),
  base64: () => [],
  aria2c: namesOutput('o', 'out'),
  ddrescue: (call) => effects('write', readOptions(call.args, { letters: 'bcilmoaKrs' }).operands.slice(1, 2), call),
  wget,
  mount,
  umount: unmount,
  rsync,
  git,
};

/** What a command does to which paths, by the table of tools. */
export function effectsOf(call: Call, scene: Scene): readonly Effect[] {
  const { name } = call;
  const own = Object.hasOwn(table, name) ? table[name] : undefined;
  if (own) {
    return own(call, scene);
  }
  if (/^(mkfs(\..+)?|mke2fs|mkdosfs|mkntfs|mkexfatfs|newfs)$/.test(name)) {
    return format(call, scene);
  }
  return copyEffects(call, scene) ?? packEffects(call) ?? changeEffects(call) ?? [];
}
