import { parseHops, portOf } from './ssh-config-hops.ts';
import type { ConfigLine } from './ssh-config-lines.ts';

/** What the files say of one name; the first value of each wins. */
export type Settings = {
  hostName?: string;
  user?: string;
  port?: number;
  /** As they are written, each once; null before the first. */
  identityFiles: readonly string[] | null;
  identitiesOnly?: boolean;
  proxy?: { readonly kind: 'jump' | 'command'; readonly text: string };
  userKnownHosts?: readonly string[];
  globalKnownHosts?: readonly string[];
  acceptNewHostKeys?: boolean;
  hostKeyAlias?: string;
};

type Keyword = {
  /** Why the line cannot be used; null when it can. */
  readonly problem: (line: ConfigLine) => string | null;
  readonly apply: (settings: Settings, line: ConfigLine) => void;
};

const first = (line: ConfigLine): string => line.words[0] ?? '';

const isNone = (text: string): boolean => text.toLowerCase() === 'none';

const oneValue = ({ words }: ConfigLine): string | null =>
  words.length === 1 && words[0] !== '' ? null : 'needs one value';

const oneOf =
  (...values: readonly string[]) =>
  (line: ConfigLine): string | null =>
    oneValue(line) ?? (values.includes(first(line).toLowerCase()) ? null : `must be one of ${values.join(', ')}`);

function paths({ words }: ConfigLine): string | null {
  if (words.length === 0 || words.includes('')) {
    return 'needs the path of a file';
  }
  return words.length > 1 && words.some(isNone) ? 'names files beside "none"' : null;
}

const chosen = (line: ConfigLine): readonly string[] => (isNone(first(line)) ? [] : line.words);

/** A proxy's text goes to the end of the line; for ProxyJump a blank or a comment ends it. */
const jumpText = ({ rest }: ConfigLine): string => rest.replace(/[ \t#].*$/, '');

export const keywords: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['hostname', { problem: oneValue, apply: (settings, line) => (settings.hostName ??= first(line)) }],
  ['user', { problem: oneValue, apply: (settings, line) => (settings.user ??= first(line)) }],
  [
    'port',
    {
      problem: (line) =>
        oneValue(line) ?? (portOf(first(line)) === undefined ? 'needs a number from 1 to 65535' : null),
      apply: (settings, line) => {
        const port = portOf(first(line));
        if (port !== undefined) {
          settings.port ??= port;
        }
      },
    },
  ],
  [
    'identityfile',
    {
      problem: oneValue,
      apply: (settings, line) => {
        settings.identityFiles = [...new Set([...(settings.identityFiles ?? []), first(line)])];
      },
    },
  ],
  [
    'identitiesonly',
    {
      problem: oneOf('yes', 'true', 'no', 'false'),
      apply: (settings, line) => (settings.identitiesOnly ??= /^(yes|true)$/i.test(first(line))),
    },
  ],
  [
    'proxyjump',
    {
      problem: (line) => (parseHops(jumpText(line)) ? null : 'needs hosts such as user@host:port, split by commas'),
      apply: (settings, line) => (settings.proxy ??= { kind: 'jump', text: jumpText(line) }),
    },
  ],
  [
    'proxycommand',
    {
      problem: ({ rest }) => (rest === '' ? 'needs a command' : null),
      apply: (settings, { rest }) => (settings.proxy ??= { kind: 'command', text: rest }),
    },
  ],
  ['userknownhostsfile', { problem: paths, apply: (settings, line) => (settings.userKnownHosts ??= chosen(line)) }],
  ['globalknownhostsfile', { problem: paths, apply: (settings, line) => (settings.globalKnownHosts ??= chosen(line)) }],
  [
    'stricthostkeychecking',
    {
      problem: oneOf('yes', 'true', 'ask', 'no', 'false', 'off', 'accept-new'),
      // A changed key is refused whatever stands here, so `no` is no more than `accept-new`.
      apply: (settings, line) => (settings.acceptNewHostKeys ??= /^(no|false|off|accept-new)$/i.test(first(line))),
    },
  ],
  ['hostkeyalias', { problem: oneValue, apply: (settings, line) => (settings.hostKeyAlias ??= first(line)) }],
]);
