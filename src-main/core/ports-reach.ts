import type { Credential, Secret, VaultState } from '#contract/credential';
import type { HostKey } from '#contract/host-key';
import type { Become, Reached, Target, TargetFields } from '#contract/target';
import type { AuditEntry } from './ports-actor.ts';

// ---------------------------------------------------------------- how a target is reached

/** Where the secrets of a login come from; holds none itself. */
export type LoginSource =
  | { readonly kind: 'stored'; readonly credentialId: string }
  /** They were given with the run and live in memory until it has ended. */
  | { readonly kind: 'given' }
  /** The ssh-agent and the keys of the node's own account. */
  | { readonly kind: 'account'; readonly identityFiles: readonly string[] };

/** One machine that is logged in to. */
export type Stop = {
  /** Name or IP address that is connected to. */
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly login: LoginSource;
};

/** How a target is reached, as the plan froze it. */
export type Reach = Omit<Stop, 'address'> & {
  /** Machines on the way, the nearest first. */
  readonly jumps: readonly Stop[];
  readonly become: Become | null;
  readonly hostKeys: 'known' | 'accept-new';
  readonly weakAlgorithms: boolean;
};

/** What opens a login; lives in memory only. */
export type LoginSecrets = {
  readonly keys: readonly { readonly privateKey: string; readonly passphrase?: string | undefined }[];
  readonly password: string | null;
  readonly becomePassword: string | null;
  /** The ssh-agent of the node's account may be asked as well. */
  readonly agent: boolean;
  /** Key files of the node's account, tried when they exist. */
  readonly identityFiles: readonly string[];
  /** Equal for equal secrets and useless to anybody else: connections are shared only under the same one. */
  readonly print: string;
};

export interface Logins {
  /**
   * What was given with a run is for its targets only: a machine on the way never sees it. Throws DroverError
   * `secrets-locked`, `unknown-credential` or `bad-key`, each with its remedy.
   */
  open(source: LoginSource, runId: string, place: 'target' | 'on-the-way'): LoginSecrets;
}

/** What the node account's ~/.ssh/config says of a name. */
export type AccountHost = {
  /** HostName, else the name itself. */
  readonly address: string;
  readonly port: number | null;
  readonly user: string | null;
  /** Absolute paths, in order; the defaults (id_ed25519 …) when it names none. */
  readonly identityFiles: readonly string[];
  /** ProxyJump, the nearest first; names are looked up in turn. */
  readonly jumps: readonly {
    readonly address: string;
    readonly port: number;
    readonly user: string;
    readonly identityFiles: readonly string[];
  }[];
  readonly acceptNewHostKeys: boolean;
};

/** The account the node runs as, as OpenSSH would use it. */
export interface SshAccount {
  readonly user: string;
  /** Reads the file anew when it has changed. A name the file does not know has the defaults. */
  lookup(name: string): AccountHost;
}

// ---------------------------------------------------------------- host keys

export type ShownKey = Pick<HostKey, 'address' | 'port' | 'type' | 'publicKey' | 'fingerprint'>;

/** Host keys that Drover itself trusts, beside those of known_hosts. */
export interface HostKeyBook {
  trusted(address: string, port: number): readonly Pick<HostKey, 'type' | 'publicKey' | 'fingerprint'>[];
  /** Keeps a refused key for a person to look at; `replaces` is the fingerprint that is trusted in its place. */
  offer(key: ShownKey, replaces: string | null): void;
  /** Trusts a machine that was never seen before. */
  accept(key: ShownKey, by: string): void;
}

export interface HostKeyStore {
  listHostKeys(): HostKey[];
  /** Adds the key, or renews `seenAt` of the same key in the same state. */
  saveHostKey(key: Omit<HostKey, 'id'>, audit: AuditEntry | undefined): HostKey;
  removeHostKeys(ids: readonly string[], audit: AuditEntry): number;
}

// ---------------------------------------------------------------- targets and credentials

export type NewTarget = TargetFields & {
  readonly id: string;
  readonly teamId: string;
  readonly createdBy: string;
  readonly at: number;
};

export interface TargetStore {
  /** Throws DroverError `name-taken`. */
  createTarget(target: NewTarget, audit: AuditEntry): Target;
  /** Undefined when there is none or `rev` is not the present one. Throws DroverError `name-taken`. */
  updateTarget(
    id: string,
    change: { readonly rev: number; readonly fields: Partial<TargetFields>; readonly at: number },
    audit: AuditEntry,
  ): Target | undefined;
  removeTargets(teamId: string, ids: readonly string[], audit: AuditEntry): number;
  /** By number. */
  listTargets(teamId: string): Target[];
  /** May be forgotten by a power cut; changes no `rev`. */
  saveReached(reached: readonly { readonly targetId: string; readonly reached: Reached }[]): void;
}

/** A credential with its sealed secrets; `sealed` opens with the archive's data key and the record's id only. */
export type StoredCredential = Omit<Credential, 'usedBy' | 'holds'> & {
  readonly teamId: string;
  readonly holds: Credential['holds'];
  readonly sealed: Uint8Array;
};

export interface CredentialStore {
  createCredential(
    credential: Omit<StoredCredential, 'no' | 'rev'> & { readonly createdBy: string },
    audit: AuditEntry,
  ): StoredCredential;
  /** Undefined when there is none or `rev` is not the present one. */
  updateCredential(
    id: string,
    change: { readonly rev: number; readonly fields: Partial<Omit<StoredCredential, 'id' | 'no' | 'rev' | 'teamId'>> },
    audit: AuditEntry,
  ): StoredCredential | undefined;
  removeCredential(teamId: string, id: string, audit: AuditEntry): boolean;
  /** By number. */
  listCredentials(teamId: string): StoredCredential[];
}

/** Seals secrets with the archive's data key (AES-256-GCM, the record's id as associated data). */
export interface Vault {
  state(): VaultState;
  /** Throws DroverError `secrets-locked`. */
  seal(recordId: string, secret: Secret): Uint8Array;
  /** Throws DroverError `secrets-locked`, or `vault-damaged` when it was changed or belongs to another record. */
  unseal(recordId: string, sealed: Uint8Array): Secret;
  /** Throws DroverError `access-denied` for a wrong passphrase. */
  unlock(passphrase: string): Promise<VaultState>;
  setPassphrase(passphrase: string, options: { readonly removeKeyFile: boolean }): Promise<VaultState>;
}

/** Reads and makes SSH keys. */
export interface SshKeys {
  /** Throws DroverError `bad-key` with the remedy for a kind that cannot be used, and for a wrong or missing passphrase. */
  describe(privateKey: string, passphrase: string | undefined): { publicKey: string; fingerprint: string };
  /** A new Ed25519 key in OpenSSH's format. */
  generate(comment: string): { privateKey: string; publicKey: string; fingerprint: string };
}

/** Logs in to a target and out again. */
export interface Probe {
  /** Never rejects; `reason` is null when it answered. */
  test(
    target: { readonly name: string; readonly address: string; readonly reach: Reach },
    runId: string,
  ): Promise<{ reason: string | null; message: string; durationMs: number }>;
}
