import type { InputOf } from '#contract';
import { type Target, TargetFields } from '#contract/target';

export type HopDraft = {
  readonly address: string;
  readonly port: string;
  readonly user: string;
  readonly credentialId: string;
};

/** What stands in the form of a target, as it was typed; an empty account or credential is none. */
export type TargetDraft = {
  readonly name: string;
  readonly address: string;
  readonly port: string;
  readonly os: TargetFields['os'];
  readonly connection: TargetFields['connection'];
  readonly user: string;
  readonly credentialId: string;
  readonly jump: readonly HopDraft[];
  /** The account of sudo. */
  readonly become: string;
  /** Parted by blanks or commas. */
  readonly tags: string;
  /** `NAME=value` per line. */
  readonly attributes: string;
  readonly maintenance: boolean;
  readonly weakAlgorithms: boolean;
};

export type DraftField = keyof TargetDraft;

export const emptyTargetDraft: TargetDraft = {
  name: '',
  address: '',
  port: '22',
  os: 'linux',
  connection: 'ssh',
  user: '',
  credentialId: '',
  jump: [],
  become: '',
  tags: '',
  attributes: '',
  maintenance: false,
  weakAlgorithms: false,
};

export const emptyHop: HopDraft = { address: '', port: '22', user: '', credentialId: '' };

/** A value of several lines cannot be written into the form: it stays as it is. */
const isOneLine = ([, value]: [string, string]): boolean => !/[\r\n]/.test(value);

export function draftOfTarget(target: Target): TargetDraft {
  const lines = Object.entries(target.attributes)
    .filter(isOneLine)
    .map(([name, value]) => `${name}=${value}`);
  return {
    name: target.name,
    address: target.address,
    port: String(target.port),
    os: target.os,
    connection: target.connection === 'local' ? 'ssh' : target.connection,
    user: target.user ?? '',
    credentialId: target.credentialId ?? '',
    jump: target.jump.map((hop) => ({
      address: hop.address,
      port: String(hop.port),
      user: hop.user ?? '',
      credentialId: hop.credentialId ?? '',
    })),
    become: target.become?.user ?? '',
    tags: target.tags.join(' '),
    attributes: lines.join('\n'),
    maintenance: target.maintenance,
    weakAlgorithms: target.weakAlgorithms,
  };
}

/** An empty port is the usual one; what is no number is refused by the contract's own shape. */
const portOf = (text: string): number => (text.trim() === '' ? 22 : /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0);
const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
const tagsOf = (text: string): string[] => [...new Set(text.split(/[\s,，、]+/).filter((tag) => tag !== ''))];

const hopOf = (hop: HopDraft): TargetFields['jump'][number] => ({
  address: hop.address.trim(),
  port: portOf(hop.port),
  user: orNull(hop.user),
  credentialId: orNull(hop.credentialId),
});

/** A line without `=` is a name without a name, which is refused like every other wrong one. */
function attributesOf(text: string, base: Target | null): Record<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const pairs = lines.map((line): [string, string] => {
    const at = line.indexOf('=');
    return at < 0 ? ['', line] : [line.slice(0, at).trim(), line.slice(at + 1)];
  });
  const kept = Object.entries(base?.attributes ?? {}).filter((pair) => !isOneLine(pair));
  return Object.fromEntries([...kept, ...pairs]);
}

/** What the form says, whether it can be taken or not; `base` is the target it began with. */
export function fieldsOfDraft(draft: TargetDraft, base: Target | null): TargetFields {
  const become = orNull(draft.become);
  return {
    name: draft.name.trim(),
    address: draft.address.trim().replace(/^\[(.*)\]$/, '$1'),
    port: portOf(draft.port),
    os: draft.os,
    connection: draft.connection,
    user: orNull(draft.user),
    credentialId: orNull(draft.credentialId),
    jump: draft.jump.map(hopOf),
    become: become === null ? null : { user: become },
    tags: tagsOf(draft.tags),
    attributes: attributesOf(draft.attributes, base),
    maintenance: draft.maintenance,
    weakAlgorithms: draft.weakAlgorithms,
  };
}

export type DraftProblems = Partial<Record<DraftField, true>>;

/** Which fields the engine would not take, by the contract's own shapes. */
export function draftProblems(draft: TargetDraft): DraftProblems {
  const checked = TargetFields.safeParse(fieldsOfDraft(draft, null));
  const wrong = checked.success ? [] : checked.error.issues.map(({ path }) => path[0] as DraftField);
  return Object.fromEntries(wrong.map((field) => [field, true]));
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const draftFields = Object.keys(emptyTargetDraft) as DraftField[];

/** The fields in which two forms differ. */
const differing = (a: TargetDraft, b: TargetDraft): readonly DraftField[] =>
  draftFields.filter((field) => !same(a[field], b[field]));

/** Whether saving sends the target's secret to another place than before, which the engine prevents unless told. */
export function movesSecret(draft: TargetDraft, base: Target): boolean {
  const before = draftOfTarget(base);
  const isMoved = differing(before, draft).some((field) => ['address', 'port', 'jump'].includes(field));
  return base.credentialId !== null && draft.credentialId === base.credentialId && isMoved;
}

/** Only what was changed is sent; with `keepSecret` the credential is named again, so that a moved target keeps it. */
export function changeOf(draft: TargetDraft, base: Target, keepSecret: boolean): InputOf<'target.update'>['change'] {
  const changed = new Set<string>(differing(draftOfTarget(base), draft));
  const fields = Object.entries(fieldsOfDraft(draft, base)).filter(
    ([field]) => changed.has(field) || (keepSecret && field === 'credentialId'),
  );
  return Object.fromEntries(fields);
}

export type Conflict = {
  /** The form with their changes, and what was typed here kept. */
  readonly draft: TargetDraft;
  /** Fields that they have changed and that were not touched here. */
  readonly taken: readonly DraftField[];
  /** Fields that both have changed: what was typed here stays until it is given up. */
  readonly both: readonly DraftField[];
};

/** Somebody else has saved meanwhile: their changes join, and nothing typed here is lost. */
export function mergeTheirs(mine: TargetDraft, base: Target, theirs: Target): Conflict {
  const [before, now] = [draftOfTarget(base), draftOfTarget(theirs)];
  const ours = new Set(differing(before, mine));
  const changed = differing(before, now);
  const taken = changed.filter((field) => !ours.has(field));
  return {
    draft: { ...mine, ...Object.fromEntries(taken.map((field) => [field, now[field]])) },
    taken,
    both: changed.filter((field) => ours.has(field) && !same(mine[field], now[field])),
  };
}

/** A value of the form for a sentence. */
export function draftValueText(value: TargetDraft[DraftField]): string {
  if (typeof value === 'object') {
    return value.map((hop) => `${hop.user === '' ? '' : `${hop.user}@`}${hop.address}:${hop.port}`).join(' → ');
  }
  return String(value);
}

/** Some machine stands twice on the way, or the target itself does: the way would be a circle. */
export function circlesThrough(draft: TargetDraft): string | null {
  const places = [...draft.jump, draft].map(({ address, port }) => `${address.trim().toLowerCase()}:${portOf(port)}`);
  return places.find((place, index) => !place.startsWith(':') && places.indexOf(place) !== index) ?? null;
}
