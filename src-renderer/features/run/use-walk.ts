import { type RefObject, useEffect, useEffectEvent, useState } from 'react';
import type { TerminalHandle } from '../../ui/terminal-view.tsx';
import type { SearchInfo, SearchWords } from './run-search.ts';
import type { Output } from './use-output.ts';

type WalkParts = {
  readonly info: SearchInfo;
  readonly words: SearchWords;
  /** Names the search: another one begins anew. */
  readonly of: string;
  readonly terminal: RefObject<TerminalHandle | null>;
  readonly output: Output;
};

type Walk = {
  /** Place among the hits, from 0; null before the first step. */
  readonly place: number | null;
  readonly step: (by: 1 | -1) => void;
};

/** Walks from one matching line to the next, also to those that are not loaded yet. */
export function useWalk({ info, words, of, terminal, output }: WalkParts): Walk {
  const [at, setAt] = useState<{ of: string; seq: number } | null>(null);
  const { hits, state } = info;
  const place = at?.of === of ? hits.findIndex((hit) => hit.seq === at.seq) : -1;
  const go = async (to: number): Promise<void> => {
    const hit = hits[to];
    if (hit) {
      setAt({ of, seq: hit.seq });
      if (await output.reader()?.show(hit.seq)) {
        terminal.current?.mark(hit.seq, hit.matched ?? words.text, hit.matched !== undefined || words.caseSensitive);
      }
    }
  };
  /** As if somebody had looked upwards from the end of what is loaded. */
  const begin = useEffectEvent(() => {
    const lines = output.loaded();
    const [first, last] = [lines[0]?.seq ?? 0, lines.at(-1)?.seq ?? 0];
    const nearest = hits.findLastIndex(({ seq }) => seq >= first && seq <= last);
    if (place < 0 && nearest >= 0) {
      void go(nearest);
    }
  });
  const isWhole = state !== 'searching' && hits.length > 0;
  useEffect(() => {
    // In a turn of its own: a step is a change by itself.
    const timer = isWhole ? setTimeout(() => begin()) : undefined;
    return () => clearTimeout(timer);
  }, [isWhole, of]);
  const step = (by: 1 | -1): void => {
    const from = place < 0 && by < 0 ? 0 : place;
    void go((from + by + hits.length) % hits.length);
  };
  return { place: place < 0 ? null : place, step };
}
