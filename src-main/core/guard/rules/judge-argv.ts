import type { Bench, Scene } from '../bench.ts';
import { plainText } from '../marks.ts';
import { accountRules } from './argv/accounts.ts';
import { dataRules } from './argv/data.ts';
import { diskRules } from './argv/disks.ts';
import { evidenceRules } from './argv/evidence.ts';
import { networkRules } from './argv/network.ts';
import { packageRules } from './argv/packages.ts';
import { powerRules } from './argv/power.ts';
import { processRules } from './argv/processes.ts';
import { remoteRules } from './argv/remote.ts';
import { systemRules } from './argv/system.ts';
import type { Call } from './call.ts';
import { effectsOf } from './effects-of.ts';
import { judgeEffect, mayBeDisk } from './judge-effect.ts';
import type { ArgvRule } from './rule.ts';

/** Rules about the words of commands on Linux. */
export const argvRules: readonly ArgvRule[] = [
  ...powerRules,
  ...processRules,
  ...diskRules,
  ...networkRules,
  ...accountRules,
  ...packageRules,
  ...remoteRules,
  ...evidenceRules,
  ...dataRules,
  ...systemRules,
];

type Index = {
  readonly exact: ReadonlyMap<string, readonly ArgvRule[]>;
  readonly prefixes: readonly (readonly [string, ArgvRule])[];
};

export function indexRules(rules: readonly ArgvRule[]): Index {
  const exact = new Map<string, ArgvRule[]>();
  const prefixes: [string, ArgvRule][] = [];
  for (const rule of rules) {
    for (const tool of rule.tools.split(' ')) {
      if (tool.endsWith('*')) {
        prefixes.push([tool.slice(0, -1), rule]);
      } else {
        exact.set(tool, [...(exact.get(tool) ?? []), rule]);
      }
    }
  }
  return { exact, prefixes };
}

const index = indexRules(argvRules);

/** The rules that may say something about a program. */
export function rulesFor(name: string, { exact, prefixes }: Index): readonly ArgvRule[] {
  return [
    ...(exact.get(name) ?? []),
    ...prefixes.filter(([prefix]) => name.startsWith(prefix)).map(([, rule]) => rule),
  ];
}

/** Names of programs some rule is about, for patterns that stand for one. */
export const toolNames: readonly string[] = [
  ...new Set([
    ...index.exact.keys(),
    'rm',
    'mv',
    'cp',
    'dd',
    'chmod',
    'chown',
    'find',
    'shred',
    'mkfs',
    'sh',
    'bash',
    'tee',
    'truncate',
    'mount',
    'umount',
    'kill',
  ]),
];

/** Holds one command against the rules for words and for paths. */
export function judgeArgv(call: Call, scene: Scene, bench: Bench): void {
  const line = plainText(call.args.join(' '));
  for (const rule of rulesFor(call.name, index)) {
    if (meetsWords(rule, line)) {
      judgeDisk(rule, call, { scene, bench });
    }
  }
  for (const effect of effectsOf(call, scene)) {
    judgeEffect(effect, scene, bench);
  }
}

export function meetsWords({ args, unless }: ArgvRule, line: string): boolean {
  return (args?.test(line) ?? true) && !(unless?.test(line) ?? false);
}

function judgeDisk(rule: ArgvRule, { args, what }: Call, { scene, bench }: { scene: Scene; bench: Bench }): void {
  const { id, level, say, safer } = rule;
  const hit = (): void => bench.inquiry.hit({ rule: id, level, say, safer }, what);
  if (rule.disk === undefined) {
    hit();
    return;
  }
  const answers = args.map((word) => mayBeDisk(word, scene));
  if (answers.includes('yes')) {
    hit();
  } else if (answers.includes('perhaps')) {
    bench.inquiry.perhaps(hit);
  }
}
