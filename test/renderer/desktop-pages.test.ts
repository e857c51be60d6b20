import { describe, expect, it } from 'vitest';
import { words } from '#adapters/electron/words';
import { pages } from '#contract/pages';
import { en } from '../../src-renderer/app/messages/en.ts';
import { pages as shown } from '../../src-renderer/app/pages.ts';

const plain = ({ key, path, keys }: { key: string; path: string; keys: string }) => ({ key, path, keys });

describe('the pages of the desktop menu (contract/pages.ts, adapters/electron/words.ts)', () => {
  it('are those of the console (app/pages.ts), in the same order with the same keys', () => {
    expect(pages.map(plain)).toEqual(shown.map(plain));
  });

  it('have the same names there as on the screens', () => {
    expect(words.pages).toEqual(Object.fromEntries(shown.map(({ key }) => [key, en.pages[key]])));
  });
});
