import type { Role } from '#contract/define';

/** Whoever asks, as the transport's credential says; never taken from a payload. */
export type Actor = {
  readonly userId: string;
  readonly name: string;
  readonly role: Exclude<Role, 'public'>;
  readonly teamId: string;
  readonly team: string;
  readonly origin: { readonly transport: 'ipc' | 'control' | 'http' | 'engine'; readonly address: string };
  readonly sessionId: string | null;
};

export type AuditEntry = {
  readonly actor: Actor;
  /** Such as `run.start`. */
  readonly action: string;
  readonly objectType: string;
  readonly objectId: string;
  /** Plain data without secrets. */
  readonly detail: Record<string, unknown>;
};
