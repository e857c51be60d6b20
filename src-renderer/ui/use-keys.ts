import { useEffect, useRef } from 'react';
import { type KeyRow, keyRows } from './key-rows.ts';
import { chordOf, isPlainChord, KeySequence } from './key-sequence.ts';

/** Returns false to leave the key to whatever has the focus. */
type Act = (event: KeyboardEvent) => boolean | void;

/** What a key does, in words for the list of keys; without `act` whatever has the focus does it by itself. */
type Key = { readonly does: string; readonly act?: Act };

type Bindings = Readonly<Record<string, Key>>;

type Layer = { readonly usual: Bindings; readonly typing: Bindings; readonly title: string | null };

const layers: (() => Layer)[] = [];
const sequence = new KeySequence();

const textTypes = new Set(['text', 'search', 'number', 'password', 'email', 'url', 'tel']);

/** The terminal's own hidden field takes no text: nothing is ever sent from it. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || target.classList.contains('xterm-helper-textarea')) {
    return false;
  }
  return (
    target.isContentEditable ||
    target.closest('.monaco-editor') !== null ||
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && textTypes.has(target.type))
  );
}

const dialogIsOpen = (): boolean => document.querySelector('[role="dialog"][aria-modal="true"]') !== null;

const isChoosing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('[role="menu"],[role="listbox"]') !== null;

function onKeyDown(event: KeyboardEvent): void {
  const chord = chordOf(event);
  if (event.isComposing || dialogIsOpen()) {
    sequence.forget();
    return;
  }
  const isText = isPlainChord(chord) && (isTyping(event.target) || isChoosing(event.target));
  const bindings = layers
    .map((layer) => layer())
    .toReversed()
    .map(({ usual, typing }) => (isText ? typing : { ...usual, ...typing }));
  if (isText) {
    sequence.forget();
  }
  const wanted = new Set(bindings.flatMap((layer) => Object.keys(layer)));
  const found = sequence.press(chord, event.timeStamp, wanted);
  const act = found === null ? undefined : bindings.find((layer) => layer[found]?.act)?.[found]?.act;
  if (act && act(event) !== false) {
    event.preventDefault();
    event.stopPropagation();
  }
}

type Bound = {
  /** Holds also where somebody types. */
  readonly typing?: Bindings;
  /** Under which the list of keys shows them; else under the name of the page. */
  readonly title?: string;
};

/** Binds keys while the component stands; what is bound later goes first. */
export function useKeys(usual: Bindings, { typing = {}, title }: Bound = {}): void {
  // Read between two drawings, and while the list of keys is drawn, which an effect event is not allowed to be.
  const current = useRef<Layer>({ usual, typing, title: title ?? null });
  useEffect(() => {
    current.current = { usual, typing, title: title ?? null };
  });
  useEffect(() => {
    const layer = (): Layer => current.current;
    if (layers.length === 0) {
      // Before the editor, which has its own ideas about Ctrl+K and F8.
      window.addEventListener('keydown', onKeyDown, { capture: true });
    }
    layers.push(layer);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
      if (layers.length === 0) {
        window.removeEventListener('keydown', onKeyDown, { capture: true });
      }
    };
  }, []);
}

/** Does what a chord is bound to, as if it had been pressed outside of every field; false when there is nothing to do. */
export function pressKeys(chord: string): boolean {
  const bindings = layers.map((layer) => layer()).toReversed();
  const act = bindings
    .map(({ usual, typing }) => (typing[chord] ?? usual[chord])?.act)
    .find((one) => one !== undefined);
  return act !== undefined && !dialogIsOpen() && act(new KeyboardEvent('keydown')) !== false;
}

/** What every key does that is bound now. */
export const boundKeys = (): readonly KeyRow[] =>
  keyRows(
    layers.map((layer) => layer()).map(({ usual, typing, title }) => ({ bindings: { ...usual, ...typing }, title })),
  );
