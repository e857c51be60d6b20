import type { ResolvedTarget } from '#contract/run-preview';

/** What the targets of a start were when they were shown, and what they would be now. */
export type PlanChange = {
  readonly before: number;
  readonly after: number;
  readonly added: readonly string[];
  readonly gone: readonly string[];
  /** Reached in another way: by another account or at another address. */
  readonly altered: readonly string[];
};

type Shown = { readonly total: number; readonly rows: readonly ResolvedTarget[] };

const idOf = ({ targetId, name }: ResolvedTarget): string => targetId ?? name;
const wayOf = ({ address, user, name }: ResolvedTarget): string => JSON.stringify([name, address, user]);

/** Compares by the rows that were loaded; beyond them only the counts are told. */
export function planChange(before: Shown, after: Shown): PlanChange {
  const old = new Map(before.rows.map((row) => [idOf(row), row]));
  const now = new Map(after.rows.map((row) => [idOf(row), row]));
  const isWhole = before.rows.length === before.total && after.rows.length === after.total;
  const same = [...now.values()].filter((row) => old.has(idOf(row)));
  return {
    before: before.total,
    after: after.total,
    added: isWhole ? [...now.values()].filter((row) => !old.has(idOf(row))).map(({ name }) => name) : [],
    gone: isWhole ? [...old.values()].filter((row) => !now.has(idOf(row))).map(({ name }) => name) : [],
    altered: same.filter((row) => wayOf(row) !== wayOf(old.get(idOf(row)) ?? row)).map(({ name }) => name),
  };
}
