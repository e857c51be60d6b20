import type { ShellState } from '../shell/shell-state.ts';
import { pathsOf } from './linux-path.ts';

/** What this text wrote into a file; undefined when it did not. */
export function contentOfPath(path: string, state: ShellState): string | undefined {
  for (const known of [path, ...pathsOf(path, state)]) {
    const text = state.files.get(known);
    if (text !== undefined) {
      return text;
    }
  }
  return undefined;
}
