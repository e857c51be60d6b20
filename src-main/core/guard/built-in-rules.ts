import { sqlRules } from './code/judge-sql.ts';
import type { Level } from './judgement.ts';
import { argvRules } from './rules/judge-argv.ts';
import type { Examples } from './rules/rule.ts';
import { structureRules } from './rules/structure-rules.ts';
import { zoneRules } from './rules/zone-rules.ts';
import { windowsRules } from './windows/windows-rules.ts';
import { windowsZones } from './windows/windows-zones.ts';

export type BuiltInRule = {
  readonly id: string;
  readonly level: Level;
  readonly say: string;
  readonly about: 'paths' | 'words' | 'structure';
  readonly os: 'linux' | 'windows' | 'any';
} & Partial<Examples>;

type Listed = Pick<BuiltInRule, 'id' | 'level' | 'say'> & Examples;

const listed =
  (about: BuiltInRule['about'], os: BuiltInRule['os']) =>
  ({ id, level, say, stops, passes }: Listed): BuiltInRule => ({ id, level, say, about, os, stops, passes });

/** Every rule that Drover brings, in the order they are looked at. */
export const builtInRules: readonly BuiltInRule[] = [
  ...zoneRules.map(listed('paths', 'linux')),
  ...argvRules.map(listed('words', 'linux')),
  ...sqlRules.map(listed('words', 'any')),
  ...windowsZones.map(listed('paths', 'windows')),
  ...windowsRules.map(listed('words', 'windows')),
  ...Object.values(structureRules).map(({ rule, level, say }): BuiltInRule => ({
    id: rule,
    level,
    say,
    about: 'structure',
    os: 'any',
  })),
];
