import { type Told, toldNotes } from './told-notes.ts';

/** Says something in passing: in the top bar for a moment, or, when it is an error, below the page until it is closed. */
export function tell(told: Told): void {
  toldNotes.tell(told);
}
