import { IconBolt, IconHistory, IconServer2, IconSettings } from '@tabler/icons-react';
import type { ComponentType } from 'react';

type PageIcon = ComponentType<{ size?: number; stroke?: number }>;

const page = <Key extends string, Path extends `/${string}`>(
  key: Key,
  path: Path,
  rest: { readonly keys: `g ${string}`; readonly Icon: unknown },
) => ({ key, path, keys: rest.keys, Icon: rest.Icon as PageIcon });

/**
 * Every page of the console in the product's order: the rail, the palette, the keys, the list of keys, the titles and
 * the accessibility test read this list. A new page is one line here, its name under `pages` in `en-frame.ts`, and its route.
 */
export const pages = [
  page('targets', '/targets', { keys: 'g t', Icon: IconServer2 }),
  page('quick', '/quick', { keys: 'g q', Icon: IconBolt }),
  page('runs', '/runs', { keys: 'g r', Icon: IconHistory }),
  page('settings', '/settings', { keys: 'g s', Icon: IconSettings }),
] as const;

export type Page = (typeof pages)[number];

/** The page that an address belongs to: its own, or one above it. */
export function pageAt(path: string): Page | undefined {
  return pages.find((one) => path === one.path || path.startsWith(`${one.path}/`));
}
