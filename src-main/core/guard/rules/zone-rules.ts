import type { ZoneRule } from './rule.ts';
import { fileRules } from './zone-rules-files.ts';
import { systemRules } from './zone-rules-system.ts';

/** Rules about what happens to paths on Linux, in the order they are looked at. */
export const zoneRules: readonly ZoneRule[] = [...fileRules, ...systemRules];
