import { type EffectReader, effects } from './call.ts';
import { covers } from './zone-match.ts';

/** Tests that leave most of a tree alone. */
const narrowing =
  /^-(?:i?name|i?path|i?wholename|i?regex|[acm]time|[acm]min|newer\w*|size|empty|user|group|uid|gid|perm|nouser|nogroup|inum|links|xtype)$/;

/** Where even a few files are too many. */
const strict = ['/bin', '/boot', '/etc', '/lib', '/sbin', '/usr'];

/** `find PATH… -delete`, or with a program that deletes. */
export const findEffects: EffectReader = (call, { state }) => {
  const { args } = call;
  const first = args.findIndex((word) => /^[-(!]/.test(word) && !/^-[HLPDO]/.test(word));
  const words = first < 0 ? args : args.slice(0, first);
  const paths = words.filter((word) => !word.startsWith('-'));
  const starts = paths.length > 0 ? paths : ['.'];
  const tests = first < 0 ? [] : args.slice(first);
  const programs = tests.flatMap((word, index) =>
    /^-(exec|execdir|ok|okdir)$/.test(word) ? [tests[index + 1] ?? ''] : [],
  );
  const isNarrow =
    tests.some((word, index) => narrowing.test(word) && !/^\*?$/.test(tests[index + 1] ?? 'x')) || hasDepth(tests);
  const kind =
    tests.includes('-delete') || programs.some((name) => /^(.*\/)?(rm|unlink|shred|srm)$/.test(name))
      ? 'delete-tree'
      : programs.some((name) => /^(.*\/)?(chown|chgrp)$/.test(name))
        ? 'owner-tree'
        : programs.some((name) => /^(.*\/)?chmod$/.test(name))
          ? 'mode-tree'
          : programs.some((name) => /^(.*\/)?mv$/.test(name))
            ? 'move'
            : undefined;
  if (kind === undefined) {
    return [];
  }
  const isStrict = (path: string): boolean =>
    state.folders.length > 0 && strict.some((zone) => covers(path, zone) || path.startsWith(`${zone}/.`));
  return effects(kind, isNarrow ? starts.filter((path) => path.startsWith('/') && isStrict(path)) : starts, call);
};

/** Only what lies directly in the folder, of one kind that is not the whole. */
function hasDepth(tests: readonly string[]): boolean {
  const at = tests.indexOf('-type');
  return at >= 0 && /^[lps]$/.test(tests[at + 1] ?? '');
}
