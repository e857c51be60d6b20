import type { Bench, Outcome, Scene } from '../bench.ts';
import type { Call } from '../rules/call.ts';

/** What one kind of command does beyond touching files; undefined leaves it to the next. */
export type Handler = (call: Call, scene: Scene, bench: Bench) => Outcome | undefined;

/** Runs words in a shell of their own. */
export function apart(words: readonly string[], scene: Scene, bench: Bench): Outcome {
  if (words.length === 0) {
    return { out: '', status: 'unknown' };
  }
  return bench.inquiry.within(() => bench.runWords(words, { state: scene.state.copy(), input: scene.input }));
}

/** Runs text in a shell of its own. */
export function apartText(text: string, scene: Scene, bench: Bench): Outcome {
  return bench.inquiry.within(() => bench.runText('shell', text, { state: scene.state.copy(), input: scene.input }));
}
