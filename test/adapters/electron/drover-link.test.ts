import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkIn, pageOfLink } from '#adapters/electron/drover-link';
import { readStartArguments } from '#adapters/electron/start-arguments';
import { isPagePath } from '#contract/pages';

const hostile = [
  'drover://run?script=rm',
  'drover://quick?from=1',
  'drover://quick?text=rm%20-rf%20/',
  'drover://quick#/runs/1',
  'drover://runs/1?host=0',
  'drover://runs/1?tab=plan',
  'drover://runs/1/cancel',
  'drover://runs/01',
  'drover://runs/-1',
  'drover://runs/0',
  'drover://runs/a',
  'drover://runs/-',
  'drover://targets/new',
  'drover://targets/import',
  'drover://targets/web1',
  'drover://targets/12',
  'drover://runs/1e3',
  'drover://runs/9999999999999999',
  'drover://runs/%31',
  'drover://runs/1%2f..%2f..',
  'drover://runs/../quick',
  'drover://runs//1',
  'drover://runs/1//',
  'drover://runs/１',
  'drover://RUNS/1',
  'DROVER://runs/1',
  'drover:runs/1',
  'drover:/runs/1',
  'drover:///runs/1',
  'drover://user@runs/1',
  'drover://runs:80/1',
  'drover://enter/abcdef',
  'drover://api/run.start',
  'drover://javascript:alert(1)',
  'drover://file:///etc/passwd',
  'drover://constructor',
  'drover://__proto__',
  'drover://quick\n--data=/tmp/evil',
  'drover://quick ',
  ' drover://quick',
  'drover://quick\u0000',
  'drover://quick\u202e',
  'drover://',
  'drover:',
  '',
  'https://example.com/',
  'app://drover/index.html',
  `drover://runs/${'1'.repeat(10_000)}`,
  `drover://${'quick/'.repeat(1_000)}`,
];

describe('a drover:// link', () => {
  it.each([
    ['drover://runs/12', '/runs/12'],
    ['drover://runs/12/', '/runs/12'],
    ['drover://runs', '/runs'],
    ['drover://quick', '/quick'],
    ['drover://targets', '/targets'],
    ['drover://targets/01900000-0000-7000-8000-00000000002a', '/targets/01900000-0000-7000-8000-00000000002a'],
  ])('opens a page and nothing else: %s', (link, page) => {
    expect(pageOfLink(link)).toBe(page);
  });

  it.each(hostile)('of any other form names no page: %j', (link) => {
    expect(pageOfLink(link)).toBeUndefined();
  });

  it('never gives anything but the address of a page, whatever is in it', () => {
    const pieces = fc.constantFrom(
      'drover://',
      'quick',
      'runs',
      '/',
      '1',
      '?',
      '#',
      '%2f',
      '..',
      ':',
      '@',
      '&',
      '=',
      ' ',
    );
    const links = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.array(pieces, { maxLength: 4 }).map((parts) => `drover://${parts.join('')}`),
      fc.string({ maxLength: 40 }).map((rest) => `drover://${rest}`),
    );
    let opened = 0;
    fc.assert(
      fc.property(links, (link) => {
        const page = pageOfLink(link);
        if (page !== undefined) {
          opened += 1;
          expect(page).toMatch(/^\/([a-z]+)(\/[0-9a-f-]+)?$/);
          expect(isPagePath(page)).toBe(true);
          expect(link).toMatch(/^drover:\/\/[a-z]+(\/[0-9a-f-]+)?\/?$/);
        }
      }),
      { numRuns: 3_000 },
    );
    expect(opened).toBeGreaterThan(0);
  });
});

describe('what the desktop application is started with', () => {
  it('names a data folder, the tray and a link', () => {
    expect(readStartArguments(['electron', '.', '--data', '/a b', '--hidden'])).toEqual({
      data: '/a b',
      hidden: true,
      link: undefined,
    });
    expect(readStartArguments(['drover', '--data=/x', 'drover://quick'])).toEqual({
      data: '/x',
      hidden: false,
      link: 'drover://quick',
    });
    expect(readStartArguments(['drover'])).toEqual({ data: undefined, hidden: false, link: undefined });
  });

  it('is not read behind a link, which somebody else has written', () => {
    expect(readStartArguments(['drover', 'drover://x', '--data', '/evil', '--hidden'])).toEqual({
      data: undefined,
      hidden: false,
      link: 'drover://x',
    });
  });

  it.each([['--data'], ['--data='], ['--data', '--hidden']])(
    'is refused when the folder is missing: %s %s',
    (...argv) => {
      expect(() => readStartArguments(['drover', ...argv])).toThrow('--data needs a folder');
    },
  );

  it('holds a link in any spelling of the scheme, so that a wrong one is answered too', () => {
    expect(linkIn(['drover', '--x', 'DROVER:evil'])).toBe('DROVER:evil');
    expect(linkIn(['drover', 'run-drover://x'])).toBeUndefined();
  });
});
