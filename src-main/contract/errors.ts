/** Every expected failure has one of these codes; README's table says what each means and what to do. */
export const errorCodes = [
  'access-denied',
  'archive-corrupt',
  'archive-locked',
  'archive-newer',
  'archive-read-only',
  'bad-input',
  'bad-key',
  'bad-parameter',
  'bad-selector',
  'changed-meanwhile',
  'credential-in-use',
  'data-folder',
  'engine-stopping',
  'engine-unreachable',
  'foreign-origin',
  'internal',
  'link-expired',
  'name-taken',
  'no-space',
  'no-targets',
  'not-found',
  'not-signed-in',
  'nothing-to-rerun',
  'nothing-waits',
  'old-node',
  'output-purged',
  'queue-full',
  'run-is-cancelling',
  'run-is-final',
  'run-is-live',
  'script-empty',
  'script-nul',
  'script-too-large',
  'secrets-locked',
  'too-large',
  'too-many-tries',
  'unknown-credential',
  'unknown-interpreter',
  'unknown-target',
  'vault-damaged',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** An expected failure as it crosses a wire. */
export type WireError = { code: ErrorCode; message: string; detail?: Record<string, unknown> };

/** An expected failure: its code and message reach the user as they are; `detail` is plain data. */
export class DroverError extends Error {
  readonly code: ErrorCode;
  readonly detail: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: { detail?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DroverError';
    this.code = code;
    this.detail = options.detail;
  }

  static fromWire(error: WireError): DroverError {
    return new DroverError(error.code, error.message, error.detail ? { detail: error.detail } : {});
  }

  toWire(): WireError {
    return { code: this.code, message: this.message, ...(this.detail && { detail: this.detail }) };
  }
}
