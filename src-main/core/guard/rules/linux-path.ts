import { hasGlob, mark } from '../marks.ts';
import type { ShellState } from '../shell/shell-state.ts';

/** Where relative paths begin, and what links stand for. */
type Places = Pick<ShellState, 'folders' | 'links'>;

const maximumLinks = 8;

/** Every absolute path a text may mean: relative ones begin in each folder the shell may be in; links of this text are followed. */
export function pathsOf(text: string, state: Places, follow: 'all' | 'parents' = 'all'): string[] {
  if (text === '' || text === '-') {
    return [];
  }
  if (text.startsWith('/')) {
    return [resolved(text, state, follow)];
  }
  return [...new Set(state.folders.map((folder) => resolved(`${folder}/${text}`, state, follow)))];
}

function resolved(text: string, state: Places, follow: 'all' | 'parents'): string {
  const isWhole = follow === 'all' || text.endsWith('/');
  let path = throughProc(normalPath(text));
  for (let turn = 0; turn < maximumLinks; turn += 1) {
    const next = followLink(path, state.links, isWhole);
    if (next === path) {
      break;
    }
    path = throughProc(normalPath(next));
  }
  return path;
}

/** Without `.`, `..` and doubled slashes, as text alone tells. */
export function normalPath(text: string): string {
  const parts: string[] = [];
  for (const part of text.split('/')) {
    if (part === '..') {
      parts.pop();
    } else if (part !== '' && part !== '.') {
      parts.push(part);
    }
  }
  return `/${parts.join('/')}`;
}

/** `/proc/1/root` is the root again. */
function throughProc(path: string): string {
  const inner = /^\/proc\/[^/]+\/(?:root|cwd)(\/.*)?$/.exec(path);
  return inner ? (inner[1] ?? '/') : path;
}

function followLink(path: string, links: ReadonlyMap<string, string>, isWhole: boolean): string {
  for (const [name, target] of links) {
    // What is mounted there is meant even where a link would be left alone.
    const isMount = target.endsWith('/.');
    if (((isWhole || isMount) && path === name) || path.startsWith(`${name}/`)) {
      const base = target.startsWith('/') ? target : `${name.slice(0, name.lastIndexOf('/'))}/${target}`;
      return base + path.slice(name.length);
    }
  }
  return path;
}

/** The parts of a path; the root has none. */
export function partsOf(path: string): readonly string[] {
  const known = knownParts.get(path);
  if (known) {
    return known;
  }
  const parts = path.split('/').filter((part) => part !== '');
  if (knownParts.size >= 4_000) {
    knownParts.clear();
  }
  knownParts.set(path, parts);
  return parts;
}

/** The same zones and paths are looked at again and again. */
const knownParts = new Map<string, readonly string[]>();

/** A last part such as `*` or `.*` means everything in the folder before it. */
export function folderOfContents(path: string): string | undefined {
  const parts = partsOf(path);
  const last = parts.at(-1);
  if (last === undefined || !hasGlob(last)) {
    return undefined;
  }
  const isWide = new RegExp(`^[.${mark.star}${mark.question}]*${mark.star}[.${mark.star}${mark.question}]*$`).test(
    last,
  );
  const isHidden = new RegExp(`^\\.?(${mark.set}[!^]?\\.?[^\\]]*\\])?[${mark.star}${mark.question}]*$`).test(last);
  return isWide || isHidden ? `/${parts.slice(0, -1).join('/')}` : undefined;
}
