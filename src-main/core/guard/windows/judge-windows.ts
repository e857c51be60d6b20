import type { Bench, Scene } from '../bench.ts';
import { emptied, isUnknown, mark, mayBeEmpty, plainText } from '../marks.ts';
import { folderOfContents } from '../rules/linux-path.ts';
import { indexRules, meetsWords, rulesFor } from '../rules/judge-argv.ts';
import type { EffectKind, ZoneRule } from '../rules/rule.ts';
import { structureRules } from '../rules/structure-rules.ts';
import { covers, isZone, liesIn } from '../rules/zone-match.ts';
import { windowsPath } from './windows-path.ts';
import { windowsRules } from './windows-rules.ts';
import { windowsZones } from './windows-zones.ts';

const index = indexRules(windowsRules);
const trees: ReadonlySet<EffectKind> = new Set(['delete-tree', 'move', 'owner-tree', 'mode-tree']);

export type WindowsEffect = { readonly kind: EffectKind; readonly path: string; readonly what: string };
export type WindowsCall = { readonly name: string; readonly args: readonly string[]; readonly folder: string };

/** Holds the words of a Windows command against the rules. */
export function judgeWindowsWords({ name, args }: WindowsCall, bench: Bench): void {
  const line = plainText(args.join(' '));
  for (const rule of rulesFor(name.toLowerCase().replace(/\.exe$/, ''), index)) {
    if (meetsWords(rule, line)) {
      const { id, level, say, safer } = rule;
      bench.inquiry.hit({ rule: id, level, say, safer }, `${name} ${line}`.trim());
    }
  }
}

/** Holds what a Windows command does to a path against the rules. */
export function judgeWindowsEffect(
  { kind, path, what }: WindowsEffect,
  folder: string,
  { scene, bench }: { scene: Scene; bench: Bench },
): void {
  bench.inquiry.spend();
  // PowerShell runs on Linux as well.
  const linux: Partial<Record<EffectKind, readonly string[]>> = {
    'delete-tree': ['rm', '-rf'],
    delete: ['rm'],
    write: ['tee'],
    append: ['tee', '-a'],
  };
  const words = linux[kind];
  if (words && /^\/(bin|boot|dev|etc|home|lib\w*|root|sbin|usr|var|opt|proc|sys)?(\/|$)/.test(path)) {
    bench.runWords([...words, path], scene);
  }
  judgePath(windowsPath(path, folder), { kind, what }, bench);
  if (!mayBeEmpty(path)) {
    return;
  }
  const rest = emptied(path);
  if (/^([a-z]:)?[\\/]/i.test(rest)) {
    bench.inquiry.perhaps(() => judgePath(windowsPath(rest, folder), { kind, what }, bench));
  } else if (kind === 'delete-tree') {
    bench.inquiry.hit(structureRules.unknownTree, what);
  }
}

function judgePath(
  path: string | undefined,
  { kind, what }: { kind: EffectKind; what: string },
  { inquiry }: Bench,
): void {
  if (path === undefined) {
    return;
  }
  const contents = folderOfContents(path);
  const rule = windowsZones.find(
    (one) => one.effects.includes(kind) && !inquiry.isSilent(one.id) && meets(one, kind, { path, contents }),
  );
  if (rule) {
    const { id, level, say, safer } = rule;
    inquiry.hit({ rule: id, level, say, safer }, what);
  }
}

type Place = { readonly path: string; readonly contents: string | undefined };

function meets({ paths, below, exact, except }: ZoneRule, kind: EffectKind, { path, contents }: Place): boolean {
  if (path === '/' || except?.some((zone) => liesIn(path, zone))) {
    return false;
  }
  const isTree = trees.has(kind) && exact === undefined;
  return paths.some(
    (zone) =>
      (isTree
        ? covers(path, zone) || (contents !== undefined && contents !== '/' && covers(contents, zone))
        : isZone(path, zone)) ||
      (below && liesIn(path, zone)),
  );
}

/** Nothing but what was fetched or handed in. */
export function isHidden(text: string): boolean {
  return (
    text.includes(mark.fetched) ||
    text.includes(mark.network) ||
    (/^[\s\uFDD0-\uFDDB]+$/.test(text) &&
      isUnknown(text) &&
      !text.includes(mark.file) &&
      !text.includes(mark.some) &&
      !text.includes(mark.output))
  );
}
