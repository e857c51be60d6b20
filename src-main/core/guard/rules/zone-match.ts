import { hasGlob, isUnknown, mark } from '../marks.ts';
import { globRegex } from '../shell/glob-text.ts';
import { partsOf } from './linux-path.ts';

const regexes = new Map<string, RegExp | null>();

function regexOf(pattern: string): RegExp | null {
  const known = regexes.get(pattern);
  if (known !== undefined) {
    return known;
  }
  const made = globRegex(pattern) ?? null;
  if (regexes.size < 4_000) {
    regexes.set(pattern, made);
  }
  return made;
}

/** Whether a part of a path, itself perhaps a pattern, may be the part of a zone. */
function samePart(part: string, zone: string): boolean {
  if (part === zone) {
    return true;
  }
  if (isUnknown(part)) {
    return false;
  }
  if (/[*?]/.test(zone)) {
    return regexOf(zone)?.test(hasGlob(part) ? sampleOf(part) : part) ?? false;
  }
  return hasGlob(part) && finds(part, zone);
}

/** A pattern finds no name that begins with a dot, unless it does itself. */
function finds(pattern: string, name: string): boolean {
  return (!name.startsWith('.') || pattern.startsWith('.')) && (regexOf(pattern)?.test(name) ?? false);
}

/** One name that a pattern would find. */
function sampleOf(pattern: string): string {
  return pattern
    .replace(new RegExp(`${mark.set}([^\\]]?)[^\\]]*\\]`, 'g'), '$1')
    .replaceAll(mark.star, 'a')
    .replaceAll(mark.question, 'a');
}

/** The path is the zone, or holds it. */
export function covers(path: string, zone: string): boolean {
  const parts = partsOf(path);
  const zones = partsOf(zone);
  return parts.length <= zones.length && parts.every((part, index) => samePart(part, zones[index] ?? ''));
}

/** The path is the zone, or lies in it. */
export function liesIn(path: string, zone: string): boolean {
  const parts = partsOf(path);
  const zones = partsOf(zone);
  return parts.length >= zones.length && zones.every((one, index) => samePart(parts[index] ?? '', one));
}

export function isZone(path: string, zone: string): boolean {
  return partsOf(path).length === partsOf(zone).length && covers(path, zone);
}
