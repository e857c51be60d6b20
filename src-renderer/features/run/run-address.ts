import type { HostReason, HostStatus } from '#contract/run';
import { stateOrder } from './progress.ts';

export const runTabs = ['output', 'groups', 'targets', 'timeline', 'plan'] as const;
export type RunTab = (typeof runTabs)[number];

/** Not read from the contract's own list: the first page would have to load all schemas for it. */
const reasons: Readonly<Record<HostReason, true>> = {
  'exit-code': true,
  'timed-out': true,
  unreachable: true,
  'refused-connection': true,
  'auth-failed': true,
  'host-key': true,
  'become-failed': true,
  'no-interpreter': true,
  'no-space': true,
  lost: true,
  cancelled: true,
  'not-started': true,
  'refused-by-guard': true,
};

const isReason = (value: unknown): value is HostReason => typeof value === 'string' && Object.hasOwn(reasons, value);

/** What the address of a run says beside its number: a link opens what its sender saw. */
export type RunAddress = {
  readonly tab?: Exclude<RunTab, 'output'>;
  /** The target whose output is shown. */
  readonly host?: number;
  /** What the list of targets is narrowed to. */
  readonly state?: HostStatus;
  readonly reason?: HostReason;
};

/** Reads an address that anybody may have typed: what is not understood is left out. */
export function readRunAddress(search: Readonly<Record<string, unknown>>): RunAddress {
  const tab = runTabs.find((name) => name === search['tab']);
  const host = search['host'];
  const state = stateOrder.find((status) => status === search['state']);
  const reason = search['reason'];
  return {
    ...(tab !== undefined && tab !== 'output' && { tab }),
    ...(typeof host === 'number' && Number.isSafeInteger(host) && host >= 0 && { host }),
    ...(state !== undefined && { state }),
    ...(isReason(reason) && { reason }),
  };
}
