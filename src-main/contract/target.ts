import { z } from 'zod';
import { call } from './define.ts';

/** 1–128 characters; never one that the search grammar would take for something else. */
export const TargetName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._ -]{0,126}[A-Za-z0-9_]$|^[A-Za-z0-9_]$/, {
  error: 'a name of 1 to 128 letters, digits, dots, dashes, underscores or blanks',
});
/** A host name, an IPv4 or an IPv6 address without brackets. */
export const Address = z.string().regex(/^(?!-)[A-Za-z0-9._:%-]{1,253}$/, { error: 'a host name or an IP address' });
/** An account on a target; may hold a domain, never an option or a shell's word. */
export const AccountName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._@\\+-]{0,127}$/, { error: 'the name of an account' });
export const Port = z.int().min(1).max(65_535);

export const targetOs = ['linux', 'windows', 'other'] as const;
export const connections = ['local', 'ssh', 'ansible', 'agent', 'executor'] as const;

/** One machine on the way to a target, the nearest first. Without a credential the node account's own keys are used. */
export const Hop = z.strictObject({
  address: Address,
  port: Port.default(22),
  user: AccountName.nullable().default(null),
  credentialId: z.string().nullable().default(null),
});
export type Hop = z.infer<typeof Hop>;

/** As whom commands run after the login, by sudo. */
export const Become = z.strictObject({ user: AccountName.default('root') });
export type Become = z.infer<typeof Become>;

const Tag = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$/, { error: 'letters, digits, dots, dashes and slashes' });
const AttributeName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/);

const shape = {
  name: TargetName,
  address: Address,
  port: Port,
  os: z.enum(targetOs),
  connection: z.enum(connections).exclude(['local']),
  /** Login account; else the credential's, else that of ~/.ssh/config, else the node's own. */
  user: AccountName.nullable(),
  /** Else the node account's own keys are used. */
  credentialId: z.string().nullable(),
  jump: z.array(Hop).max(8),
  become: Become.nullable(),
  tags: z.array(Tag).max(100),
  attributes: z.record(AttributeName, z.string().max(1_000)),
  /** Under maintenance: no selector but its own name finds it. */
  maintenance: z.boolean(),
  /** Takes algorithms that are no longer held to be safe, for old devices. */
  weakAlgorithms: z.boolean(),
};

/** What a person may write of a target. */
export const TargetFields = z.strictObject({
  ...shape,
  port: shape.port.default(22),
  os: shape.os.default('linux'),
  connection: shape.connection.default('ssh'),
  user: shape.user.default(null),
  credentialId: shape.credentialId.default(null),
  jump: shape.jump.default([]),
  become: shape.become.default(null),
  tags: shape.tags.default([]),
  attributes: shape.attributes.default({}),
  maintenance: shape.maintenance.default(false),
  weakAlgorithms: shape.weakAlgorithms.default(false),
});
export type TargetFields = z.infer<typeof TargetFields>;

/** Some fields: one that is left out stays as it is, so none has a default. */
const SomeTargetFields = z.strictObject(shape).partial();

/** When a target was last contacted and what came of it; `reason` is a reason of a host result. */
const Reached = z.strictObject({ at: z.int(), ok: z.boolean(), reason: z.string().nullable(), message: z.string() });
export type Reached = z.infer<typeof Reached>;

export const Target = TargetFields.extend({
  id: z.string(),
  no: z.int(),
  /** `local` is the built-in target: the machine the node runs on. */
  connection: z.enum(connections),
  /** What was found out about it, such as os and arch. */
  facts: z.record(z.string(), z.string()),
  lastReach: Reached.nullable(),
  createdAt: z.int(),
  updatedAt: z.int(),
  /** Rises with every change by a person; a change based on an older one is refused. */
  rev: z.int(),
});
export type Target = z.infer<typeof Target>;

const TargetQuery = z.strictObject({
  /** In the grammar of `decisions.md`, such as `tag:web !tag:canary os:linux 10.0.*`; empty finds all. */
  query: z.string().max(10_000).default(''),
  /** Only targets with a greater number: the next page. */
  after: z.int().min(0).default(0),
  limit: z.int().min(1).max(10_000).default(1_000),
});

/** Formats a list of targets may have; `auto` finds out. */
export const importFormats = ['auto', 'addresses', 'ssh-config', 'ansible-ini', 'ansible-yaml'] as const;

const TargetImport = z.strictObject({
  text: z.string().max(5_000_000),
  format: z.enum(importFormats).default('auto'),
  /** Given to every target that has none of its own. */
  defaults: SomeTargetFields.omit({ name: true, address: true }).prefault({}),
  /** Writes what the preview showed; without it nothing is changed. */
  apply: z.boolean().default(false),
});
export type TargetImport = z.infer<typeof TargetImport>;

/** One found target, and what an import does with it. */
export const ImportRow = z.strictObject({
  /** Line of the text, from 1; 0 when it has no one line. */
  line: z.int(),
  kind: z.enum(['new', 'changed', 'same', 'invalid']),
  name: z.string(),
  address: z.string(),
  /** Login account and the account of sudo that it has afterwards; null when none is said. */
  user: z.string().nullable(),
  become: z.string().nullable(),
  /** What is changed, or why it cannot be taken. */
  message: z.string(),
});
export type ImportRow = z.infer<typeof ImportRow>;

const ImportResult = z.strictObject({
  format: z.enum(importFormats),
  rows: z.array(ImportRow),
  /** What the text says and Drover does not use, each once. */
  notes: z.array(z.string()),
  written: z.int(),
  /** Ids of the targets that are new, in their order in the text. */
  created: z.array(z.string()),
});

/** A list of targets that the account Drover runs as keeps in a usual place. */
const ImportSource = z.strictObject({
  /** As its owner writes it, such as `~/.ssh/config`. */
  path: z.string(),
  format: z.enum(importFormats).exclude(['auto']),
  text: z.string(),
});
export type ImportSource = z.infer<typeof ImportSource>;

/** What a try to log in came to; `reason` is null when the target answered. */
export const TargetTest = z.strictObject({
  id: z.string(),
  name: z.string(),
  address: z.string(),
  ok: z.boolean(),
  reason: z.string().nullable(),
  message: z.string(),
  durationMs: z.int(),
});
export type TargetTest = z.infer<typeof TargetTest>;

const ByIds = z.strictObject({ ids: z.array(z.string()).min(1).max(10_000) });
const Targets = z.strictObject({ targets: z.array(Target) });

export const targetContract = {
  'target.list': call(TargetQuery, Targets.extend({ next: z.int().nullable(), total: z.int() }), { role: 'viewer' }),
  'target.get': call(z.strictObject({ target: z.string() }), Target, { role: 'viewer' }),
  'target.create': call(TargetFields, Target, { role: 'editor' }),
  /** Refused with `changed-meanwhile` when `rev` is not the present one. A new address lets go of a stored secret. */
  'target.update': call(z.strictObject({ id: z.string(), rev: z.int(), change: SomeTargetFields }), Target, {
    role: 'editor',
  }),
  /** Puts targets under maintenance or ends that, whatever else was changed about them; all of them or none. */
  'target.maintain': call(ByIds.extend({ maintenance: z.boolean() }), z.strictObject({ changed: z.int() }), {
    role: 'editor',
  }),
  'target.remove': call(ByIds, z.strictObject({ removed: z.int() }), { role: 'editor' }),
  'target.import': call(TargetImport, ImportResult, { role: 'editor' }),
  /** Only for who is that account anyway: others who use a served node must not read its files. */
  'target.importSources': call(z.strictObject({}), z.strictObject({ sources: z.array(ImportSource) }), {
    role: 'owner',
  }),
  /** Logs in to each, for at most the login's time limit; nothing is run. */
  'target.test': call(
    z.strictObject({ ids: z.array(z.string()).min(1).max(64) }),
    z.strictObject({ tests: z.array(TargetTest) }),
    {
      role: 'operator',
    },
  ),
};
