import { DroverError, type ErrorCode } from '#contract/errors';
import { type ExitCode, exitCodeOfError } from './exit-code.ts';
import { jsonLine } from './json-line.ts';
import { plainLine } from './terminal-safe.ts';

/** What to do about it, where one sentence is right for every cause of a code. */
const remedies: Partial<Record<ErrorCode, string>> = {
  'archive-corrupt': 'Keep a copy of the data folder, then start with an empty one: --data DIR.',
  'archive-locked': 'End the process that has the data folder, or name another one: --data DIR.',
  'archive-newer': 'Use the newer Drover that wrote this data folder, or name another one: --data DIR.',
  'archive-read-only': 'Make the data folder writable for this account, or name another one: --data DIR.',
  'data-folder': 'Name a folder this account can write: --data DIR or DROVER_DATA.',
  'engine-stopping': 'Try again when it has stopped.',
  'engine-unreachable': 'Try again: where no engine runs, the command runs one itself.',
  'no-space': 'Make room on the disk of the data folder.',
  'no-targets': 'Name a target: `-t local` is this machine.',
  'queue-full': 'Wait until some runs have ended: `drover runs --status pending,running`.',
  'unknown-target': '`-t local` is this machine.',
};

export type ShownError = { readonly text: string; readonly exitCode: ExitCode };

/** `text` ends with a line break: one JSON object with `json`, else the message, its code and the remedy where one is known. */
export function showError(error: unknown, { json }: { json: boolean }): ShownError {
  if (!(error instanceof DroverError)) {
    return unexpected(error, json);
  }
  const exitCode = exitCodeOfError(error.code);
  if (json) {
    return { text: jsonLine({ error: error.toWire() }), exitCode };
  }
  const own = error.detail?.['remedy'];
  const remedy = typeof own === 'string' ? own : remedies[error.code];
  const lines = [`drover: ${plainLine(error.message)} [${error.code}]`, ...(remedy ? [`  ${plainLine(remedy)}`] : [])];
  return { text: `${lines.join('\n')}\n`, exitCode };
}

/** A bug of ours: the stack is all there is to find it by. */
function unexpected(error: unknown, json: boolean): ShownError {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const text = json
    ? jsonLine({ error: { code: 'internal', message } })
    : `drover: unexpected error [internal]\n${stack ?? message}\n`;
  return { text, exitCode: 3 };
}
