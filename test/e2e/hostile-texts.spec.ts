import type { Page } from 'playwright/test';
import { sections } from '../../src-renderer/features/settings/sections.ts';
import { hostileTexts, longTexts } from '../support/hostile-texts.ts';
import { needService } from '../support/services.ts';
import { expect, test } from './console.ts';
import { output } from './quick-page.ts';

const chromium = needService('chromium');
test.skip(chromium.skip, chromium.reason);
test.skip(({ habitat }) => habitat === 'desktop', 'the same pages as in the browser');

type Answer = { readonly ok: boolean; readonly value?: Record<string, unknown>; readonly error?: { code: string } };

/** Says something to the engine as the page itself would. */
function call(page: Page, name: string, input: unknown): Promise<Answer> {
  return page.evaluate(
    async ([path, body]) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(path, { method: 'POST', headers, body });
      return (await answer.json()) as Answer;
    },
    [`/api/${name}`, JSON.stringify(input)] as const,
  );
}

const ok = async (page: Page, name: string, input: unknown): Promise<Record<string, unknown>> => {
  const answer = await call(page, name, input);
  expect(answer.ok, `${name} ${JSON.stringify(answer.error)}`).toBe(true);
  return answer.value ?? {};
};

/** What must never be there, because only a text that was taken for markup makes it. */
const planted = [
  'img[src="x"], img[src*="evil"], image, iframe, object, embed, video, audio, marquee, math, base',
  'meta[http-equiv="refresh" i], form[action*="evil"], link[href*="evil"], script:not([src]), script[src*="evil"]',
  '[onerror], [onload], [onclick], [onfocus], [onmouseover], [ontoggle], [onstart]',
  'a[href^="javascript:" i], a[href^="data:" i], a[href*="evil"], [style*="evil"]',
].join(', ');

type Watched = { readonly asked: string[]; readonly dialogs: string[]; readonly thrown: string[] };

async function watch(page: Page): Promise<Watched> {
  const seen: Watched = { asked: [], dialogs: [], thrown: [] };
  page.on('request', (request) => seen.asked.push(request.url()));
  page.on('pageerror', (error) => seen.thrown.push(error.message));
  page.on('dialog', (dialog) => {
    seen.dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.addInitScript((selector) => {
    const found: string[] = [];
    Object.assign(globalThis, { owned: [], found });
    const look = (node: Node): void => {
      if (node instanceof Element) {
        const made = [...(node.matches(selector) ? [node] : []), ...node.querySelectorAll(selector)];
        found.push(...made.map(({ outerHTML }) => outerHTML.slice(0, 200)));
      }
    };
    // Also what is there for a moment only.
    const observer = new MutationObserver((records) => {
      records.forEach(({ target, addedNodes }) => [target, ...addedNodes].forEach(look));
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true });
  }, planted);
  return seen;
}

/** Puts the texts wherever the program takes them, and gives the id of a target that holds them all. */
async function plant(page: Page): Promise<string> {
  const task = { type: 'script', text: 'true' };
  for (const name of hostileTexts) {
    await ok(page, 'run.start', { name, targets: 'local', task });
  }
  // A NUL cannot be handed to a program in an argument; what is printed may hold one.
  const stdin = `${[...longTexts, ...hostileTexts].join('\n')}\n`;
  await ok(page, 'run.start', { targets: 'local', task: { ...task, text: 'tee /dev/stderr', stdin } });
  const attributes = Object.fromEntries(hostileTexts.map((text, no) => [`a${no}`, text]));
  const text = `: '${longTexts[1]}'`;
  await ok(page, 'run.start', { targets: 'local', task: { ...task, text, noParameters: true } });
  const target = await ok(page, 'target.create', { name: 'holder', address: '127.0.0.1', port: 1, attributes });
  await page.evaluate((texts) => {
    const filters = texts.slice(0, 50).map((text) => ({ name: text, filter: { text } }));
    localStorage.setItem('drover-run-filters', JSON.stringify(filters));
  }, hostileTexts);
  return String(target['id']);
}

/** Names that the grammar of searches could take for something else are not taken at all. */
async function refuseNames(page: Page): Promise<void> {
  for (const text of [...hostileTexts, ...longTexts]) {
    const target = { name: 'named', address: '127.0.0.1' };
    for (const [name, input] of [
      ['target.create', { ...target, name: text }],
      ['target.create', { ...target, address: text }],
      ['target.create', { ...target, tags: [text] }],
      ['credential.create', { name: text, kind: 'agent' }],
    ] as const) {
      expect((await call(page, name, input)).error?.code, `${name} ${text.slice(0, 60)}`).toBe('bad-input');
    }
  }
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(`${page.url().split('#')[0]}#${path}`);
  await expect(page.getByRole('main').locator('h1, h2, .empty').first()).toBeAttached();
  const facts = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const { found, owned } = globalThis as { found?: string[]; owned?: unknown[] };
    return { found, owned, isTooWide: scrollWidth > clientWidth };
  });
  expect(facts, path.slice(0, 80)).toEqual({ found: [], owned: [], isTooWide: false });
}

/** As it can be stored: half a character is none. */
const stored = (text: string): string => text.toWellFormed();

test('no text of anybody is taken for more than a text, on any page', async ({ console }) => {
  test.setTimeout(300_000);
  expect(hostileTexts).toHaveLength(60);
  const { page, strayRequests, pageErrors } = console;
  await expect(page.getByRole('main')).toBeVisible();
  const seen = await watch(page);
  const target = await plant(page);
  await refuseNames(page);
  const before = pageErrors.length;
  await page.reload();

  await open(page, '/runs');
  const names = page.locator('.data-name a');
  await expect(names.nth(5)).toBeVisible();
  const known = new Set(hostileTexts.map(stored));
  const shown = (await names.allTextContents()).filter((text) => !/^(tee |: '<b)/.test(text));
  expect(shown.length).toBeGreaterThan(5);
  expect(shown.filter((text) => !known.has(text))).toEqual([]);
  await page.getByRole('button', { name: 'Saved filters' }).click();
  const filters = page.getByRole('dialog', { name: 'Saved filters' });
  const listed = (await filters.getByRole('list').textContent()) ?? '';
  expect(hostileTexts.slice(0, 50).filter((text) => !listed.includes(text))).toEqual([]);
  await page.keyboard.press('Escape');

  for (const [index, text] of hostileTexts.entries()) {
    await open(page, `/runs/${index + 1}`);
    const title = page.getByRole('heading', { level: 1 });
    await expect.poll(async () => title.textContent()).toBe(`#${index + 1}${stored(text)}`);
    const typed = encodeURIComponent(JSON.stringify(stored(text)));
    await open(page, `/runs?text=${typed}&window=all`);
    await open(page, `/targets?q=${typed}`);
  }
  for (const tab of ['output', 'groups', 'targets', 'timeline', 'plan']) {
    await open(page, `/runs/61?tab=${tab}`);
    await open(page, `/runs/62?tab=${tab}`);
  }
  await open(page, '/runs/61');
  await expect(output(page)).toContainText('-rf --help; $(touch owned)');
  for (const path of ['/quick', '/quick?from=62', '/targets', '/targets/new', '/targets/import']) {
    await open(page, path);
  }
  await open(page, `/targets/${target}`);
  await expect(page.getByRole('heading', { name: 'holder' })).toBeVisible();
  const attributes = ((await page.getByRole('main').textContent()) ?? '').toWellFormed();
  expect(hostileTexts.map(stored).filter((text) => !attributes.includes(text))).toEqual([]);
  await open(page, `/targets/${target}?edit=true`);
  for (const section of sections) {
    await open(page, `/settings/${section}`);
  }
  for (const text of hostileTexts.slice(0, 12)) {
    for (const place of ['runs', 'targets', 'settings', 'nowhere']) {
      await open(page, `/${place}/${encodeURIComponent(text)}`);
    }
  }
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Go to or do' })).toBeFocused();
  await page.keyboard.type('onerror');
  await expect(page.getByRole('option', { name: /<img src=x onerror=owned/ }).first()).toBeVisible();

  expect(seen.dialogs).toEqual([]);
  expect(seen.thrown).toEqual([]);
  expect(strayRequests).toEqual([]);
  const origin = new URL(page.url()).origin;
  const own = /^\/(|api\/[\w.]+|assets\/[\w.-]+|licences\.json|[\w.-]+\.(svg|png|ico|js|css|ttf|woff2))$/;
  const strange = seen.asked.filter((url) => {
    const asked = new URL(url);
    return !['data:', 'blob:'].includes(asked.protocol) && !(asked.origin === origin && own.test(asked.pathname));
  });
  expect(strange).toEqual([]);
  // What the engine has refused is in the log as well, and nothing else.
  const said = pageErrors.slice(before).filter((text) => !/^Failed to load resource.* 4\d\d /.test(text));
  expect(said).toEqual([]);
  await open(page, '/quick');
});
