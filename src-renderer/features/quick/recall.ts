/** Where somebody stands in the last quick runs, walked by ↑ and ↓ as in a shell; -1 is what was typed. */
export type RecallPlace = number;

/** The place one step back (older) or forward; null when there is none. */
export function stepRecall(place: RecallPlace, step: 'older' | 'newer', count: number): RecallPlace | null {
  const next = step === 'older' ? place + 1 : place - 1;
  return next >= -1 && next < count ? next : null;
}

/** ↑ belongs to the history in an empty editor, or while an unchanged old text is shown and the cursor is on its first line. */
export function wantsHistory(editor: { text: string; recalled: string | null; atEdge: boolean }): boolean {
  return editor.text === '' || (editor.recalled !== null && editor.text === editor.recalled && editor.atEdge);
}
