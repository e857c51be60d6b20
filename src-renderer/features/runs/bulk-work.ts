/** What came of asking for one thing many times. */
export type BulkResult<Item, Answer> = {
  readonly done: readonly { readonly item: Item; readonly answer: Answer }[];
  readonly refused: readonly { readonly item: Item; readonly error: unknown }[];
  /** Never asked, because somebody stopped the asking. */
  readonly unasked: readonly Item[];
};

/** So many questions are under way at once: one after the other is slow over a long way, all at once a flood. */
const atOnce = 4;

type Work<Item, Answer> = {
  readonly ask: (item: Item) => Promise<Answer>;
  readonly signal: AbortSignal;
  readonly onProgress: (asked: number) => void;
};

/** Asks for every item; one that is refused does not keep the others from being asked. */
export async function bulkWork<Item, Answer>(
  items: readonly Item[],
  { ask, signal, onProgress }: Work<Item, Answer>,
): Promise<BulkResult<Item, Answer>> {
  const waiting = [...items];
  const done: { item: Item; answer: Answer }[] = [];
  const refused: { item: Item; error: unknown }[] = [];
  const one = async (): Promise<void> => {
    for (let item = next(); item !== undefined; item = next()) {
      try {
        done.push({ item, answer: await ask(item) });
      } catch (error) {
        refused.push({ item, error });
      }
      onProgress(done.length + refused.length);
    }
  };
  const next = (): Item | undefined => (signal.aborted ? undefined : waiting.shift());
  await Promise.all(Array.from({ length: atOnce }, one));
  const order = (a: { item: Item }, b: { item: Item }): number => items.indexOf(a.item) - items.indexOf(b.item);
  return { done: done.toSorted(order), refused: refused.toSorted(order), unasked: waiting };
}
