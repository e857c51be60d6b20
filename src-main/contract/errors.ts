/** Every expected failure has one of these codes; README's table says what each means and what to do. */
export const errorCodes = ['old-node', 'run-is-cancelling', 'run-is-final', 'run-is-live'] as const;

export type ErrorCode = (typeof errorCodes)[number];
