import { Fragment, type ReactElement } from 'react';

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

const words: Record<string, string> = {
  mod: isMac ? '⌘' : 'Ctrl',
  enter: isMac ? '↩' : 'Enter',
  up: '↑',
  down: '↓',
  shift: isMac ? '⇧' : 'Shift',
  esc: 'Esc',
  escape: 'Esc',
  end: 'End',
};

/** Letters beside Ctrl are printed as they stand on the keyboard, and so are F1 to F12. */
const keyName = (key: string, chord: string): string =>
  /^f\d+$/.test(key) || (chord.includes('+') && key.length === 1) ? key.toUpperCase() : key;

/** `mod+enter` or `g q` as keys on a keyboard; `quiet` beside a name that is read aloud without them. */
export function KeyHint({ keys, quiet = false }: { keys: string; quiet?: boolean }): ReactElement {
  return (
    <span className="key-hint" aria-hidden={quiet}>
      {keys.split(' ').map((chord, place) => (
        <Fragment key={`${chord}${place}`}>
          {chord.split('+').map((key) => (
            <kbd key={key}>{words[key] ?? keyName(key, chord)}</kbd>
          ))}
        </Fragment>
      ))}
    </span>
  );
}
