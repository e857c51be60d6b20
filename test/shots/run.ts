// `npm run shots [-- NAME …]`: pictures of every page, in light and dark and three widths, from a node that really ran
// the runs they show. Exits 1 when a picture is too large or names the machine it was made on.
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright';
import { pages } from '../../src-renderer/app/pages.ts';
import { launchChromium } from '../e2e/console.ts';
import { startDemoFleet } from './demo-fleet.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'docs/shots');
const largest = 150_000;

const schemes = ['light', 'dark'] as const;
const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
  { width: 480, height: 900 },
] as const;

type Shot = {
  readonly name: string;
  readonly path: string;
  /** Brings the page to what is shown. */
  readonly show?: (page: Page) => Promise<void>;
};

const dialog = (page: Page): Promise<void> => page.getByRole('dialog').waitFor();

/** Beside every page of the list and every tab of a run. */
const further: readonly Shot[] = [
  {
    name: 'quick-again',
    path: '/quick?from=4',
    show: (page) => page.getByRole('button', { name: /^Run on 12 targets/ }).waitFor(),
  },
  {
    name: 'palette',
    path: '/runs',
    show: async (page) => {
      await page.getByRole('button', { name: 'Go to or do anything' }).click();
      await page.getByRole('combobox', { name: 'Go to or do' }).fill('run');
      await page.getByRole('listbox', { name: 'Go to or do' }).getByRole('option').first().waitFor();
    },
  },
  {
    name: 'keys',
    path: '/runs',
    show: async (page) => {
      await page.getByRole('main').focus();
      await page.keyboard.press('?');
      await dialog(page);
    },
  },
  {
    name: 'live',
    path: '/runs',
    show: async (page) => {
      await page.getByRole('button', { name: '1 run live' }).click();
      await page.getByRole('dialog').getByText('targets done').waitFor();
    },
  },
  { name: 'run-unreachable', path: '/runs/8' },
  { name: 'run-live', path: '/runs/11' },
];

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** What a run with many targets shows in each of its tabs. */
async function runShots(page: Page, base: string): Promise<Shot[]> {
  await goTo(page, `${base}#/runs/4`);
  await page.getByRole('main').getByRole('tab').first().waitFor();
  const names = await page.getByRole('main').getByRole('tab').allInnerTexts();
  return names.map((name) => ({
    name: `run-${slug(name)}`,
    path: '/runs/4',
    show: async (at) => {
      await at.getByRole('main').getByRole('tab', { name }).click();
    },
  }));
}

async function goTo(page: Page, address: string): Promise<void> {
  // Anew, so that nothing of the picture before is left open.
  await page.goto('about:blank');
  await page.goto(address);
  await page.getByRole('main').waitFor();
  await settle(page);
}

/** Nothing has changed for half a second; what always moves, such as durations, is waited for three seconds at most. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((done) => {
        let quiet = setTimeout(done, 500);
        const watcher = new MutationObserver(() => {
          clearTimeout(quiet);
          quiet = setTimeout(done, 500);
        });
        watcher.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
        setTimeout(done, 3_000);
      }),
  );
}

type Picture = { readonly ending: 'png' | 'jpg'; readonly bytes: Buffer };

/** Sharp where that is small enough, else as sharp as it may be. */
async function picture(page: Page): Promise<Picture> {
  const still = { animations: 'disabled', caret: 'hide' } as const;
  const sharp = await page.screenshot(still);
  if (sharp.length <= largest) {
    return { ending: 'png', bytes: sharp };
  }
  for (const quality of [90, 80, 70, 60]) {
    const bytes = await page.screenshot({ ...still, type: 'jpeg', quality });
    if (bytes.length <= largest) {
      return { ending: 'jpg', bytes };
    }
  }
  throw new Error(`larger than ${largest} bytes at any quality`);
}

/** Names of this machine that must stand in no picture. */
const ownNames = [hostname(), root, homedir()].filter((name) => name.length > 5);

async function take(page: Page, { shot, base, file }: { shot: Shot; base: string; file: string }): Promise<void> {
  await goTo(page, `${base}#${shot.path}`);
  await shot.show?.(page);
  await settle(page);
  const text = await page.locator('body').innerText();
  const named = ownNames.filter((name) => text.includes(name));
  if (named.length > 0) {
    throw new Error(`names this machine: ${named.join(', ')}`);
  }
  const { ending, bytes } = await picture(page);
  writeFileSync(join(folder, `${file}.${ending}`), bytes);
}

async function signIn(browser: Browser, link: string): Promise<{ page: Page; base: string }> {
  const context = await browser.newContext({ reducedMotion: 'reduce', timezoneId: 'Europe/Berlin', locale: 'en-GB' });
  await context.addInitScript(() => localStorage.setItem('drover-tour', 'known'));
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(link);
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  return { page, base: page.url().split('#')[0] ?? '' };
}

const wanted = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const fleet = await startDemoFleet();
const browser = await launchChromium();
const failures: string[] = [];
try {
  const { page, base } = await signIn(browser, fleet.link);
  const all = [...pages.map(({ key, path }) => ({ name: key, path })), ...(await runShots(page, base)), ...further];
  const shots = all.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme });
    for (const size of sizes) {
      await page.setViewportSize(size);
      for (const shot of shots) {
        const file = `${shot.name}-${colorScheme}-${size.width}`;
        await take(page, { shot, base, file }).catch((error: unknown) => failures.push(`${file}: ${String(error)}`));
      }
    }
  }
  process.stdout.write(`${shots.length * schemes.length * sizes.length - failures.length} pictures in docs/shots\n`);
} finally {
  await browser.close();
  await fleet.stop();
}
for (const failure of failures) {
  process.stderr.write(`${failure}\n`);
}
process.exitCode = failures.length > 0 ? 1 : 0;
