import type { Scene } from '../bench.ts';
import { contentOfPath } from './known-files.ts';
import { type Call, effects } from './call.ts';
import { folderOfContents, pathsOf } from './linux-path.ts';
import { type Options, readOptions } from './options.ts';
import type { Effect } from './rule.ts';

const copies: Readonly<Record<string, { letters: string; long: readonly string[] }>> = {
  cp: { letters: 'tS', long: ['target-directory', 'suffix'] },
  mv: { letters: 'tS', long: ['target-directory', 'suffix'] },
  ln: { letters: 'tS', long: ['target-directory', 'suffix'] },
  install: { letters: 'tSmog', long: ['target-directory', 'suffix', 'mode', 'owner', 'group'] },
  scp: { letters: 'cFiJloPSXD', long: [] },
};

/** What copying, moving and linking does to its sources and its target; undefined for other programs. */
export function copyEffects(call: Call, scene: Scene): readonly Effect[] | undefined {
  const spec = copies[call.name];
  if (!spec) {
    return undefined;
  }
  const options = readOptions(call.args, spec);
  const pair = readTarget(options);
  if (!pair || (call.name === 'install' && options.has('d', 'directory'))) {
    return [];
  }
  const { sources, target } = pair;
  remember(call, { sources, target, options }, scene);
  const moved = call.name === 'mv' ? effects('move', sources, call) : [];
  return [...moved, ...targetEffects(call, { sources, target, options }, scene)];
}

type Pair = { readonly sources: readonly string[]; readonly target: string; readonly options: Options };

function readTarget(options: Options): Omit<Pair, 'options'> | undefined {
  const [folder] = options.valuesOf('t', 'target-directory');
  if (folder !== undefined) {
    return { sources: options.operands, target: `${folder}/` };
  }
  const target = options.operands.at(-1);
  return options.operands.length < 2 || target === undefined
    ? undefined
    : { sources: options.operands.slice(0, -1), target };
}

const folders =
  /^(\/|\/(bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)|\/usr\/(s?bin|lib\w*|local|share|local\/s?bin)|\/etc\/[\w-]+\.d|\/etc\/(ssh|systemd\/system))$/;

function targetEffects(call: Call, { sources, target, options }: Pair, { state }: Scene): Effect[] {
  const path = call.name === 'scp' ? target.replace(/^[\w.@-]+:/, '') : target;
  const kind = call.name === 'mv' || call.name === 'ln' ? 'replace' : 'write';
  const names = sources.map((source) => `${path}/${lastPart(source)}`);
  // `ln -sf` puts itself in the place of a folder of that name when it is a link.
  const replacesIt = call.name === 'ln' && options.has('f', 'force') && !path.endsWith('/');
  if (replacesIt || !(sources.length > 1 || isFolder(path, state))) {
    return effects(kind, [path], call);
  }
  const isTree = call.name === 'mv' || options.has('r', 'R', 'a', 'recursive', 'archive', 'T', 'no-target-directory');
  return isTree && sources.some((source) => isContents(source, state))
    ? effects('unpack', [path], call)
    : effects(kind, names, call);
}

function isFolder(path: string, state: Scene['state']): boolean {
  return /\/\.?$/.test(path) || pathsOf(path, state).some((one) => folders.test(one));
}

/** `x/.` and `x/*` are all that is in a folder. */
function isContents(source: string, state: Scene['state']): boolean {
  return source.endsWith('/.') || pathsOf(source, state).some((one) => folderOfContents(one) !== undefined);
}

function lastPart(source: string): string {
  return source.replace(/\/+$/, '').split('/').at(-1) ?? '';
}

/** Links, and copies of programs and files, mean what they were made from. */
function remember(call: Call, { sources, target, options }: Pair, { state }: Scene): void {
  const [source = ''] = sources;
  const [path] = pathsOf(target, state);
  if (path === undefined || sources.length !== 1 || !/^(cp|mv|ln)$/.test(call.name)) {
    return;
  }
  const text = contentOfPath(source, state);
  if (text !== undefined) {
    state.files.set(path, text);
    return;
  }
  const isLink = call.name === 'ln' && options.has('s', 'symbolic');
  const isProgram = /^\/(usr\/)?s?bin\/[\w.-]+$/.test(source);
  if (isLink || isProgram || call.name === 'ln') {
    const name = path.endsWith('/') || folders.test(path) ? `${path}/${lastPart(source)}` : path;
    state.links.set(name, source);
  }
}
