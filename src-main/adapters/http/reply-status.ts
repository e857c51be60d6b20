import type { ErrorCode } from '#contract/errors';

const statusByCode: { readonly [C in ErrorCode]?: number } = {
  'access-denied': 403,
  'archive-locked': 409,
  'bad-input': 400,
  'bad-parameter': 400,
  'engine-stopping': 503,
  'foreign-origin': 403,
  internal: 500,
  'no-space': 507,
  'not-found': 404,
  'not-signed-in': 401,
  'queue-full': 429,
  'nothing-waits': 409,
  'run-is-cancelling': 409,
  'run-is-final': 409,
  'run-is-live': 409,
  'script-too-large': 413,
  'too-large': 413,
  'too-many-tries': 429,
  'unknown-target': 404,
};

/** HTTP status of an error code; what was understood but cannot be done is 422. */
export function statusOf(code: ErrorCode): number {
  return statusByCode[code] ?? 422;
}
