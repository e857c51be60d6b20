import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { client, gate } from '../../client/index.ts';
import { noSearch, RunSearch, type SearchInfo, type SearchScope, type SearchWords } from './run-search.ts';

export type Search = { readonly info: SearchInfo; readonly stop: () => void };

/** Searches as long as the component stands; null, or no text, searches for nothing. */
export function useSearch(scope: SearchScope | null, words: SearchWords): Search {
  const key = scope === null || words.text === '' ? null : JSON.stringify({ ...scope, ...words });
  const search = useRef<RunSearch>(null);
  const [told, setTold] = useState<{ key: string | null; info: SearchInfo }>({ key: null, info: noSearch });
  const tell = useEffectEvent((info: SearchInfo) => setTold({ key, info }));
  useEffect(() => {
    if (key === null) {
      return;
    }
    const made = new RunSearch(JSON.parse(key) as SearchScope & SearchWords, {
      client,
      gate,
      onInfo: (info) => tell(info),
    });
    search.current = made;
    return () => {
      made.leave();
      search.current = null;
    };
  }, [key]);
  // What was told of another search says nothing about this one.
  return { info: told.key === key ? told.info : noSearch, stop: () => search.current?.stop() };
}
