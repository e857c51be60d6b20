/** Which columns somebody has hidden or asked for; those that are not named stand as they are made. */
export type TableLayout = { readonly hidden: Readonly<Record<string, boolean>> };

type Column = { readonly id: string; readonly isExtra?: true; readonly isName?: true };

/** A name is always there, an extra column once somebody asks for it, every other until somebody hides it. */
export function isColumnShown({ id, isExtra, isName }: Column, { hidden }: TableLayout): boolean {
  return isName === true || !(hidden[id] ?? isExtra === true);
}

/** What is kept of a choice of columns. */
export function hiddenColumns(
  columns: readonly Column[],
  shown: Readonly<Record<string, boolean>>,
): Record<string, boolean> {
  return Object.fromEntries(columns.map(({ id }) => [id, shown[id] === false]));
}

const words = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Numbers by size, everything else as words: web2 stands before web10. */
export function compareCells(one: unknown, other: unknown): number {
  return typeof one === 'number' && typeof other === 'number' ? one - other : words.compare(String(one), String(other));
}
