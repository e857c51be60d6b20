import type { Scene } from '../bench.ts';
import type { Effect, EffectKind } from './rule.ts';

/** One command: its name without a folder, and its words. */
export type Call = { readonly name: string; readonly args: readonly string[]; readonly what: string };
export type EffectReader = (call: Call, scene: Scene) => readonly Effect[];

export const effects = (kind: EffectKind, paths: readonly string[], { what }: Call): Effect[] =>
  paths.map((path) => ({ kind, path, what }));
