import { isPagePath } from './pages.ts';

/** Frames of this id are no answer to a feed of the page: they carry what the window's menu, tray or a link asks of it. */
export const windowFrames = 'window';

/** Keys that the menu can press for the user; what they do is the page's business. */
const pressable = ['mod+enter', 'f9', 'mod+k', '?'] as const;
type Pressable = (typeof pressable)[number];

const schemes = ['light', 'dark', 'auto'] as const;
type ColourScheme = (typeof schemes)[number];

const notices = ['bad-link', 'quits-later'] as const;
type Notice = (typeof notices)[number];

/** All that the desktop shell can ask of a page. */
export type WindowCommand =
  | { readonly do: 'go'; readonly to: string }
  | { readonly do: 'press'; readonly keys: Pressable }
  | { readonly do: 'theme'; readonly scheme: ColourScheme }
  | { readonly do: 'tell'; readonly what: Notice };

/** What came as a frame, when it is one of the commands and names a page that may be opened from outside. */
export function readWindowCommand(value: unknown): WindowCommand | undefined {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  switch (given['do']) {
    case 'go':
      return isPagePath(given['to']) ? { do: 'go', to: given['to'] } : undefined;
    case 'press': {
      const keys = pressable.find((one) => one === given['keys']);
      return keys && { do: 'press', keys };
    }
    case 'theme': {
      const scheme = schemes.find((one) => one === given['scheme']);
      return scheme && { do: 'theme', scheme };
    }
    case 'tell': {
      const what = notices.find((one) => one === given['what']);
      return what && { do: 'tell', what };
    }
    default:
      return undefined;
  }
}
