import type { ErrorCode } from '#contract/errors';
import type { Run } from '#contract/run';

/** 0 ok · 1 some failed · 2 usage · 3 refused · 4 forbidden, of `guard` alone · 124 timeout · 130 cancelled. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 124 | 130;

/** 2 when another command line would have been right, 3 when this one was refused. */
const codeOfError: Record<ErrorCode, ExitCode> = {
  'access-denied': 3,
  'archive-corrupt': 3,
  'archive-locked': 3,
  'archive-newer': 3,
  'archive-read-only': 3,
  'bad-input': 2,
  'bad-key': 2,
  'bad-parameter': 2,
  'bad-selector': 2,
  'changed-meanwhile': 3,
  'credential-in-use': 3,
  'data-folder': 3,
  'engine-stopping': 3,
  'engine-unreachable': 3,
  'foreign-origin': 3,
  internal: 3,
  'link-expired': 3,
  'name-taken': 2,
  'no-space': 3,
  'no-targets': 2,
  'not-found': 2,
  'not-signed-in': 3,
  'nothing-to-rerun': 2,
  'old-node': 3,
  'output-purged': 3,
  'queue-full': 3,
  'nothing-waits': 3,
  'run-is-cancelling': 3,
  'run-is-final': 3,
  'run-is-live': 3,
  'script-empty': 2,
  'script-nul': 2,
  'script-too-large': 2,
  'secrets-locked': 3,
  'too-large': 2,
  'too-many-tries': 3,
  'unknown-credential': 2,
  'unknown-interpreter': 2,
  'unknown-target': 2,
  'vault-damaged': 3,
};

export function exitCodeOfError(code: ErrorCode): ExitCode {
  return codeOfError[code];
}

/** Undefined while the run has not ended. */
export function exitCodeOfRun({ status, phase }: Pick<Run, 'status' | 'phase'>): ExitCode | undefined {
  switch (status) {
    case 'success':
      return 0;
    case 'failed':
      return phase === 'refused' ? 3 : 1;
    case 'timeout':
      return 124;
    case 'cancelled':
      return 130;
    case 'pending':
    case 'running':
    case 'cancelling':
      return undefined;
  }
}
