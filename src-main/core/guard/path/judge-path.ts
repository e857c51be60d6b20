import { isStricter, type Level } from '../judgement.ts';

/** A place on a target that a file shall be written to. */
export type FilePlace = {
  readonly path: string;
  readonly os: 'linux' | 'windows';
  /** Another zone that must not be written to, beside Drover's own. */
  readonly zone?: string | undefined;
  /** Links of the target by their path; what they point to may be relative to where they stand. */
  readonly links?: Readonly<Record<string, string>> | undefined;
};

export type PathJudgement = {
  readonly verdict: 'allow' | 'block';
  readonly level: Level | null;
  /** The zone, or the word `path` where the path itself is refused. */
  readonly rule: string | null;
  readonly reason: string;
};

type Zone = { readonly path: string; readonly level: Level };

const linuxZones: readonly Zone[] = [
  ...['/etc', '/boot', '/proc', '/sys', '/dev', '/root/.ssh'].map((path): Zone => ({ path, level: 'forbid' })),
  ...[
    '/bin',
    '/sbin',
    '/lib',
    '/lib32',
    '/lib64',
    '/libx32',
    '/usr/bin',
    '/usr/sbin',
    '/usr/lib',
    '/usr/lib32',
    '/usr/lib64',
    '/usr/libexec',
  ].map((path): Zone => ({ path, level: 'confirm' })),
];
const windowsZones: readonly Zone[] = [
  ...['C:\\Windows', 'C:\\Boot', 'C:\\ProgramData\\Microsoft\\Crypto'].map((path): Zone => ({ path, level: 'forbid' })),
  ...['C:\\Program Files', 'C:\\Program Files (x86)'].map((path): Zone => ({ path, level: 'confirm' })),
];

const refused = (reason: string): PathJudgement => ({ verdict: 'block', level: 'forbid', rule: 'path', reason });
const maximumPath = 4_096;
const maximumName = 255;
const maximumLinks = 40;

/** Judges where a file would be written: as text tells, and as the links of the target lead. */
export function judgePath(place: FilePlace): PathJudgement {
  const problem = place.os === 'linux' ? linuxProblem(place.path) : windowsProblem(place.path);
  if (problem !== undefined) {
    return refused(problem);
  }
  const { os, path } = place;
  const split = os === 'linux' ? linuxParts : windowsParts;
  const zones = zonesOf(place);
  const lexical = split(path);
  if (lexical.length === (os === 'linux' ? 0 : 1)) {
    return refused('the root itself is no file');
  }
  const physical = followLinks(path, place, split);
  if (physical === undefined) {
    return refused('its links lead round in a circle');
  }
  const [found] = zones
    .filter((zone) => [lexical, physical].some((parts) => liesIn(parts, split(zone.path), os)))
    .toSorted((one, other) => (isStricter(one.level, other.level) ? -1 : 1));
  return found
    ? { verdict: 'block', level: found.level, rule: found.path, reason: `it lies in ${found.path}` }
    : { verdict: 'allow', level: null, rule: null, reason: '' };
}

function zonesOf({ os, zone }: FilePlace): readonly Zone[] {
  const own = os === 'linux' ? linuxZones : windowsZones;
  return zone === undefined || own.some(({ path }) => path === zone) ? own : [...own, { path: zone, level: 'forbid' }];
}

function liesIn(parts: readonly string[], zone: readonly string[], os: FilePlace['os']): boolean {
  return (
    parts.length >= zone.length && zone.every((part, index) => folded(part, os) === folded(parts[index] ?? '', os))
  );
}

/** NTFS folds letters one by one, without the rules of any language: a dotted capital I stays itself. */
function folded(part: string, os: FilePlace['os']): string {
  return os === 'linux'
    ? part
    : part.replace(/./gu, (char) =>
        char.toUpperCase().length === char.length && char !== 'ı' ? char.toUpperCase() : char,
      );
}

// oxlint-disable-next-line no-control-regex -- these characters are what is looked for
const control = /[\u0000-\u001F\u007F]/;

function linuxProblem(path: string): string | undefined {
  if (control.test(path)) {
    return 'it holds a control character';
  }
  if (!path.startsWith('/')) {
    return 'it is not an absolute path';
  }
  if (new TextEncoder().encode(path).length > maximumPath || hasLongName(path.split('/'))) {
    return 'it is longer than the system allows';
  }
  return /[*?$`;|&<>{}]|\$\(|\[[^\]]*\]\/|\/\[/.test(path)
    ? 'it holds characters that a shell would act on'
    : undefined;
}

function hasLongName(parts: readonly string[]): boolean {
  return parts.some((part) => new TextEncoder().encode(part).length > maximumName);
}

function windowsProblem(path: string): string | undefined {
  if (control.test(path)) {
    return 'it holds a control character';
  }
  const bare = withoutPrefix(path);
  if (!/^[A-Za-z]:[\\/]/.test(bare)) {
    return 'it is not an absolute path of a drive';
  }
  const parts = bare.slice(3).split(/[\\/]/);
  if (/[<>"|?*%$]/.test(bare.slice(2).replace(/\$(?=[\\/]|\w*$)/g, ''))) {
    return 'it holds characters that Windows reserves, or a variable';
  }
  if (parts.some((part) => part.includes(':'))) {
    return 'it names a stream of a file';
  }
  if (parts.some((part) => /~\d+(\.[^.]*)?$/.test(part))) {
    return 'it holds a short name, which may stand for another folder';
  }
  if (parts.some((part) => devices.test(part.replace(/[. ]+$/, '')))) {
    return 'it names a device';
  }
  return path.length > 32_767 || hasLongName(parts) ? 'it is longer than the system allows' : undefined;
}

const devices = /^(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9¹²³])\s*(\..*)?$/i;

/** `\\?\C:\…`, `/C:/…` and the like mean the drive. */
function withoutPrefix(path: string): string {
  return path.replace(/^[\\/]{2}[?.][\\/](?=[A-Za-z]:)|^\\\?\?\\(?=[A-Za-z]:)|^[\\/](?=[A-Za-z]:[\\/])/, '');
}

function linuxParts(path: string): string[] {
  return normal(path.split('/'), 0);
}

function windowsParts(path: string): string[] {
  const [drive = '', ...rest] = withoutPrefix(path).split(/[\\/]/);
  return normal(
    [drive.toUpperCase(), ...rest.map((part) => (/^\.{1,2}$/.test(part) ? part : part.replace(/[. ]+$/, '')))],
    1,
  );
}

/** Without `.`, `..` and empty parts; the first `kept` are never climbed over. */
function normal(parts: readonly string[], kept: number): string[] {
  const result: string[] = [];
  for (const part of parts) {
    if (part === '..') {
      result.splice(Math.max(kept, result.length - 1));
    } else if (part !== '' && part !== '.') {
      result.push(part);
    }
  }
  return result;
}

type Split = (path: string) => string[];

/** Walks part by part, as the system would; undefined when the links never end. */
function followLinks(path: string, { os, links = {} }: FilePlace, split: Split): readonly string[] | undefined {
  const separator = os === 'linux' ? '/' : '\\';
  const known = new Map(Object.entries(links).map(([name, target]) => [keyOf(split(name), os), target]));
  const rest = os === 'linux' ? path.split('/') : withoutPrefix(path).split(/[\\/]/);
  let done: string[] = [];
  let turns = 0;
  while (rest.length > 0) {
    const part = rest.shift() ?? '';
    const here = split([...(os === 'linux' ? [''] : []), ...done, part].join(separator));
    const target = known.get(keyOf(here, os));
    if (target === undefined) {
      done = here;
      continue;
    }
    turns += 1;
    if (turns > maximumLinks) {
      return undefined;
    }
    const isAbsolute = os === 'linux' ? target.startsWith('/') : /^[\\/]?[A-Za-z]:/.test(target);
    rest.unshift(...target.split(os === 'linux' ? '/' : /[\\/]/));
    done = isAbsolute ? [] : here.slice(0, -1);
  }
  return done;
}

function keyOf(parts: readonly string[], os: FilePlace['os']): string {
  return parts.map((part) => folded(part, os)).join('/');
}
