import { useEffect, useRef } from 'react';

type Commands = { readonly line: string | null; readonly curl: string };
type Make = (dataFolder: string) => Commands;

const shown: Make[] = [];

/** What the list in front shows as a command, for the palette; undefined when no list says it. */
export const shownCopyAs = (): Make | undefined => shown.at(-1);

/** Offers a list's command in the palette while it is on the screen. */
export function useShownCopyAs(make: Make): void {
  const current = useRef(make);
  useEffect(() => {
    current.current = make;
  });
  useEffect(() => {
    const entry: Make = (dataFolder) => current.current(dataFolder);
    shown.push(entry);
    return () => {
      shown.splice(shown.indexOf(entry), 1);
    };
  }, []);
}
