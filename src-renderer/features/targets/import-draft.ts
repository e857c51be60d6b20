import type { InputOf } from '#contract';
import { importFormats, type ImportRow, TargetFields } from '#contract/target';
import { parseWay } from './parse-way.ts';

export const formats = importFormats;

/** What stands in the form of an import; the defaults are as they were typed. */
export type ImportDraft = {
  readonly text: string;
  readonly format: (typeof importFormats)[number];
  readonly user: string;
  readonly port: string;
  readonly credentialId: string;
  readonly become: string;
  readonly tags: string;
  /** `[user@]host[:port]`, parted by commas, the nearest first. */
  readonly jump: string;
};

export const emptyImport: ImportDraft = {
  text: '',
  format: 'auto',
  user: '',
  port: '',
  credentialId: '',
  become: '',
  tags: '',
  jump: '',
};

export type ImportProblem = 'user' | 'port' | 'become' | 'tags' | 'jump';

type Defaults = NonNullable<InputOf<'target.import'>['defaults']>;

const words = (text: string): string[] => [...new Set(text.split(/[\s,，、]+/).filter((word) => word !== ''))];

/** Only what was given; a wrong value is left in, to be refused by the contract's own shape. */
function defaultsOf(draft: ImportDraft): Defaults {
  const way = parseWay(draft.jump);
  return {
    ...(draft.user.trim() !== '' && { user: draft.user.trim() }),
    ...(draft.port.trim() !== '' && { port: /^\d{1,6}$/.test(draft.port.trim()) ? Number(draft.port) : 0 }),
    ...(draft.credentialId !== '' && { credentialId: draft.credentialId }),
    ...(draft.become.trim() !== '' && { become: { user: draft.become.trim() } }),
    ...(draft.tags.trim() !== '' && { tags: words(draft.tags) }),
    ...(draft.jump.trim() !== '' && { jump: way ?? [{ address: '' }] }),
  };
}

const shape = TargetFields.shape;

/** Defaults that the engine would not take. */
export function importProblems(draft: ImportDraft): readonly ImportProblem[] {
  const defaults = defaultsOf(draft);
  const fields = ['user', 'port', 'become', 'tags', 'jump'] as const;
  return fields.filter((field) => defaults[field] !== undefined && !shape[field].safeParse(defaults[field]).success);
}

/** What is sent to look at the text, and with `apply` to write it. */
export const importOf = (draft: ImportDraft, apply: boolean): InputOf<'target.import'> => ({
  text: draft.text,
  format: draft.format,
  defaults: defaultsOf(draft),
  apply,
});

export const importKinds = ['new', 'changed', 'same', 'invalid'] as const satisfies readonly ImportRow['kind'][];

/** How many rows there are of each kind. */
export function countKinds(rows: readonly ImportRow[]): Record<ImportRow['kind'], number> {
  const counts = { new: 0, changed: 0, same: 0, invalid: 0 };
  for (const { kind } of rows) {
    counts[kind] += 1;
  }
  return counts;
}
