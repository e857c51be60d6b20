import type { Bench, Scene } from '../bench.ts';
import { isStricter } from '../judgement.ts';
import { emptied, isUnknown, mayBeEmpty } from '../marks.ts';
import { folderOfContents, pathsOf } from './linux-path.ts';
import type { Effect, EffectKind, ZoneRule } from './rule.ts';
import { structureRules } from './structure-rules.ts';
import { covers, isZone, liesIn } from './zone-match.ts';
import { diskPaths } from './linux-zones.ts';
import { zoneRules } from './zone-rules.ts';

const trees: ReadonlySet<EffectKind> = new Set(['delete-tree', 'move', 'owner-tree', 'mode-tree']);

/** These act on a link itself, not on what it leads to. */
const ofLink: ReadonlySet<EffectKind> = new Set(['delete', 'delete-tree', 'move', 'replace']);

/** Holds what a command does to a path against the rules for paths. */
export function judgeEffect(effect: Effect, { state }: Scene, bench: Bench): void {
  bench.inquiry.spend();
  const follow = ofLink.has(effect.kind) ? 'parents' : 'all';
  for (const path of pathsOf(effect.path, state, follow)) {
    judgePath(path, effect, bench);
  }
  if (!mayBeEmpty(effect.path)) {
    return;
  }
  const rest = emptied(effect.path);
  if (rest.startsWith('/')) {
    bench.inquiry.perhaps(() => {
      for (const path of pathsOf(rest, state)) {
        judgePath(path, effect, bench);
      }
    });
  } else if (effect.kind === 'delete-tree') {
    bench.inquiry.hit(structureRules.unknownTree, effect.what);
  } else if (effect.kind === 'format') {
    bench.inquiry.perhaps(() => judgePath('/dev/sda', effect, bench));
  }
}

function judgePath(path: string, { kind, what }: Effect, { inquiry }: Bench): void {
  const contents = folderOfContents(path);
  const met = zoneRules.filter(
    (rule) => rule.effects.includes(kind) && !inquiry.isSilent(rule.id) && meets(rule, kind, { path, contents }),
  );
  // One path is one reason, the strictest.
  const [first, ...others] = met;
  if (first) {
    const { id, level, say, safer } = others.reduce(
      (one, two) => (isStricter(two.level, one.level) ? two : one),
      first,
    );
    inquiry.hit({ rule: id, level, say, safer }, `${what}${what.includes(path) ? '' : ` (${path})`}`);
  }
}

type Place = { readonly path: string; readonly contents: string | undefined };

function meets({ paths, below, exact, except }: ZoneRule, kind: EffectKind, { path, contents }: Place): boolean {
  if (except?.some((zone) => liesIn(path, zone))) {
    return false;
  }
  const isTree = trees.has(kind) && exact === undefined;
  return paths.some(
    (zone) =>
      (isTree ? covers(path, zone) || (contents !== undefined && covers(contents, zone)) : isZone(path, zone)) ||
      (below && liesIn(path, zone)),
  );
}

/** Whether a word names a disk, or could: its name comes from outside. */
export function mayBeDisk(word: string, { state }: Scene): 'yes' | 'perhaps' | 'no' {
  const paths = pathsOf(word, state);
  if (word.startsWith('/dev/') || paths.some((path) => path.startsWith('/dev/'))) {
    return paths.some((path) => isUnknown(path) || diskPaths.some((zone) => isZone(path, zone))) ? 'yes' : 'no';
  }
  return /^[\uFDD0-\uFDD3]+$/.test(word) ? 'perhaps' : 'no';
}
