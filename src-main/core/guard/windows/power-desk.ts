import type { Bench, Scene } from '../bench.ts';
import type { PowershellHost } from './powershell-expression.ts';
import type { PowerValue } from './powershell-values.ts';

/** One command of a pipeline: its words, and what came through the pipe. */
export type PowerCall = {
  readonly name: string;
  /** Words in order, options with their dash. */
  readonly words: readonly PowerValue[];
  readonly input: PowerValue | undefined;
};

/** What commands of PowerShell need from whoever runs the script. */
export interface PowerDesk extends PowershellHost {
  readonly scene: Scene;
  readonly bench: Bench;
  readonly aliases: Map<string, string>;
  /** Where relative paths begin. */
  folder: string;
  assign(name: string, value: PowerValue): void;
  runEach(body: string, name: string, list: PowerValue): PowerValue;
  run(call: PowerCall): PowerValue;
}
