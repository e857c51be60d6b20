import { type ImportRow, type Target, TargetFields, type TargetImport } from '#contract/target';
import { canonicalAddress } from '../search/address-span.ts';
import { changedFields, sameData, type TargetChange } from './change-target.ts';
import {
  type FoundFields,
  type FoundTarget,
  ImportNotes,
  mostTargets,
  tooManyTargets,
  toTargetName,
} from './found-target.ts';
import { detectFormat } from './import-format.ts';
import { findAddresses } from './import-addresses.ts';
import { findInAnsibleIni } from './import-ansible-ini.ts';
import { findInAnsibleYaml } from './import-ansible-yaml.ts';
import { findInSshConfig } from './import-ssh-config.ts';
import { StoredTargets } from './stored-targets.ts';

type Context = {
  /** All targets of the team, the built-in one too. */
  readonly existing: readonly Target[];
  readonly defaults: TargetImport['defaults'];
};

/** What an import writes. */
export type ImportWrite =
  | { readonly kind: 'new'; readonly fields: TargetFields }
  | {
      readonly kind: 'changed';
      readonly target: Target;
      readonly fields: Partial<TargetFields>;
      readonly letsGo: boolean;
    };

type ImportPlan = {
  readonly format: TargetImport['format'];
  readonly rows: ImportRow[];
  readonly notes: string[];
  readonly writes: ImportWrite[];
};

/**
 * What a text would add and change. A found target is a stored one when it has its name, else its address, port and
 * account. Throws DroverError `bad-input` for a text that cannot be read and `too-large` for more than 20 000 targets.
 */
export function importTargets(text: string, format: TargetImport['format'], context: Context): ImportPlan {
  const plain = text.replace(/^\uFEFF/, '');
  const known = detectFormat(plain, format);
  const notes = new ImportNotes();
  const found = findTargets(plain, known, notes);
  if (found.length > mostTargets) {
    throw tooManyTargets();
  }
  const stored = new StoredTargets(context.existing);
  const matched = matchAll(found, stored, context.defaults);
  const rows: ImportRow[] = [];
  const writes: ImportWrite[] = [];
  for (const [target, match] of matched) {
    const { row, write } = decide(target, { match, stored, defaults: context.defaults });
    rows.push(row);
    writes.push(...(write ? [write] : []));
  }
  return { format: known, rows, notes: notes.list(), writes };
}

function findTargets(text: string, format: Exclude<TargetImport['format'], 'auto'>, notes: ImportNotes): FoundTarget[] {
  switch (format) {
    case 'addresses':
      return findAddresses(text);
    case 'ssh-config':
      return findInSshConfig(text, notes);
    case 'ansible-ini':
      return findInAnsibleIni(text, notes);
    case 'ansible-yaml':
      return findInAnsibleYaml(text, notes);
  }
}

/** The stored target of each found one; names first, so that none is taken away by a mere address. */
function matchAll(
  found: readonly FoundTarget[],
  stored: StoredTargets,
  defaults: Context['defaults'],
): [FoundTarget, Target | undefined][] {
  const usable = (target: FoundTarget): boolean => target.problem === null && !target.local;
  const byName = found.map((target) => (usable(target) && target.named ? stored.claimName(target.label) : undefined));
  const seen = new Set<string>();
  return found.flatMap((target, index): [FoundTarget, Target | undefined][] => {
    const port = target.fields.port ?? defaults.port ?? 22;
    const user = target.fields.user ?? defaults.user ?? null;
    const place = `${canonicalAddress(target.address)} ${port} ${user ?? ''}`;
    // The same address twice in a list is one target.
    if (usable(target) && !target.named && seen.has(place)) {
      return [];
    }
    seen.add(place);
    const match = byName[index] ?? (usable(target) ? stored.claimPlace(target.address, port, user) : undefined);
    return [[target, match]];
  });
}

type Decision = {
  readonly match: Target | undefined;
  readonly stored: StoredTargets;
  readonly defaults: Context['defaults'];
};

type Decided = { readonly row: ImportRow; readonly write?: ImportWrite };

function decide(found: FoundTarget, decision: Decision): Decided {
  const { line, address, label } = found;
  const row = { line, name: decision.match?.name ?? label.slice(0, 128), address, ...accountsOf(found.fields) };
  if (found.problem !== null) {
    return { row: { ...row, kind: 'invalid', message: found.problem } };
  }
  if (found.local) {
    return { row: { ...row, kind: 'same', message: 'The machine Drover runs on is the built-in target local' } };
  }
  return decision.match ? decideStored(found, decision.match, decision.defaults) : decideNew(found, decision);
}

function decideNew(found: FoundTarget, { stored, defaults }: Decision): Decided {
  const { line, label, address } = found;
  const whole = TargetFields.safeParse({ ...withDefaults(found, defaults), name: toTargetName(label), address });
  if (!whole.success) {
    const row = { line, name: label.slice(0, 128), address, ...accountsOf(found.fields) };
    return { row: { ...row, kind: 'invalid', message: whyNot(whole.error) } };
  }
  const name = stored.freeName(namesOf(found));
  return {
    row: { line, name, address, ...accountsOf(whole.data), kind: 'new', message: '' },
    write: { kind: 'new', fields: { ...whole.data, name } },
  };
}

function decideStored(found: FoundTarget, match: Target, defaults: Context['defaults']): Decided {
  const { line, label, address } = found;
  const { fields, letsGo } = changedFields(match, mergeInto(match, found, defaults));
  const row = { line, name: match.name, address, ...accountsOf({ ...match, ...fields }) };
  const checked = TargetFields.partial().safeParse(fields);
  if (!checked.success) {
    return { row: { ...row, kind: 'invalid', message: whyNot(checked.error) } };
  }
  const isOtherName = found.named && match.name.toLowerCase() !== toTargetName(label).toLowerCase();
  const parts = [
    isOtherName ? `is there as ${match.name}` : '',
    describeChange(match, fields),
    letsGo ? 'lets go of its credential' : '',
  ];
  const message = parts.filter((part) => part !== '').join('; ');
  return Object.keys(fields).length === 0
    ? { row: { ...row, kind: 'same', message } }
    : { row: { ...row, kind: 'changed', message }, write: { kind: 'changed', target: match, fields, letsGo } };
}

const accountsOf = ({ user, become }: Pick<FoundFields, 'user' | 'become'>): Pick<ImportRow, 'user' | 'become'> => ({
  user: user ?? null,
  become: become?.user ?? null,
});

function whyNot({ issues }: { issues: readonly { path: readonly PropertyKey[]; message: string }[] }): string {
  const [issue] = issues;
  return `${issue?.path.map(String).join('.') ?? 'target'}: ${issue?.message ?? 'invalid'}`;
}

/** The names it would take, the best first. */
function namesOf({ named, label, fields }: FoundTarget): readonly string[] {
  const name = toTargetName(label);
  return named || fields.port === undefined ? [name] : [name, toTargetName(`${label}-${fields.port}`)];
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === 'object' && Object.keys(value as object).length === 0)
  );
}

/** Defaults for what the text does not say. */
function withDefaults({ fields }: FoundTarget, defaults: Context['defaults']): FoundFields {
  const given = Object.entries(fields).filter(([, value]) => !isEmpty(value));
  const rest = Object.entries(defaults).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...rest, ...given]);
}

/** What the text says of a stored target, and defaults where it has nothing yet: an import takes no tag or attribute away. */
function mergeInto(target: Target, { address, fields }: FoundTarget, defaults: Context['defaults']): TargetChange {
  const { tags, attributes, jump, ...rest } = fields;
  const fill = Object.entries(defaults).filter(
    ([key, value]) => isEmpty(target[key as keyof Target]) && !isEmpty(value),
  );
  const isMoved = canonicalAddress(address) !== canonicalAddress(target.address);
  return {
    ...Object.fromEntries(fill),
    ...rest,
    ...(isMoved && { address }),
    ...(jump && !sameRoute(jump, target.jump) && { jump }),
    ...(tags?.length && { tags: [...new Set([...target.tags, ...tags])] }),
    ...(!isEmpty(attributes) && { attributes: { ...target.attributes, ...attributes } }),
    ...(defaults.credentialId && isEmpty(target.credentialId) && { credentialId: defaults.credentialId }),
  };
}

/** A text never names credentials, so those of a known way stay. */
function sameRoute(found: TargetFields['jump'], stored: TargetFields['jump']): boolean {
  const bare = (jump: TargetFields['jump']) => jump.map(({ address, port, user }) => ({ address, port, user }));
  return sameData(bare(found), bare(stored));
}

/** In words, such as `port 22 → 2222, tags +db`. */
function describeChange(target: Target, fields: Partial<TargetFields>): string {
  return (Object.keys(fields) as (keyof TargetFields)[])
    .filter((key) => key !== 'credentialId' || fields[key])
    .map((key) => {
      if (key === 'tags') {
        return `tags ${fields.tags
          ?.filter((tag) => !target.tags.includes(tag))
          .map((tag) => `+${tag}`)
          .join(' ')}`;
      }
      if (key === 'attributes') {
        const names = Object.entries(fields.attributes ?? {}).filter(
          ([name, text]) => target.attributes[name] !== text,
        );
        return `attributes ${names.map(([name]) => name).join(', ')}`;
      }
      if (key === 'credentialId') {
        return 'credential';
      }
      return `${key} ${inWords(target[key])} → ${inWords(fields[key])}`;
    })
    .join(', ')
    .slice(0, 500);
}

function inWords(value: unknown): string {
  if (Array.isArray(value)) {
    return value.map((hop: TargetFields['jump'][number]) => `${hop.address}:${hop.port}`).join(',') || 'none';
  }
  if (typeof value === 'object' && value !== null) {
    return String(Object.values(value)[0]);
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : 'none';
}
