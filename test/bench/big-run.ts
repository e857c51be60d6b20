import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright';
import type { InputOf } from '#contract';
import { launchChromium } from '../e2e/console.ts';
import { BenchEngine, untilRunEnded } from './bench-engine.ts';
import { type Figure, figureOf } from './figure.ts';
import { machinePace } from './machine-pace.ts';

const openBarMs = 1_000;
const inputBarMs = 100;

/** 5,000 addresses of this machine whose port nobody listens on. */
const manyTargets = '127.1.[0-9].[1-250]:1,127.1.[10-19].[1-250]:1';
/** 10,000,000 lines of 100 bytes: 1 GB, a little below what is kept of one stream. */
const gigabyte = `yes "$(printf '%099d' 7)" | head -n 10000000`;
const writeEveryMs = 10;
const linesPerSecond = 20_000;
const writeSeconds = 30;
const keys = 80;
const keyEveryMs = 100;
const wheelTurns = 40;
const wheelEveryMs = 50;
const writer = `
const line = 'a line of a busy target that is sixty-three characters in all\\n';
const text = line.repeat(${(linesPerSecond * writeEveryMs) / 1_000});
const began = performance.now();
let written = 0;
const timer = setInterval(() => {
  for (const due = (performance.now() - began) / ${writeEveryMs}; written < due; written += 1) process.stdout.write(text);
  if (performance.now() - began > ${writeSeconds * 1_000}) clearInterval(timer);
}, ${writeEveryMs});`;

type ScrollSeen = { frames: number; blank: number };
type Watch = { scrolled?: ScrollSeen; delays?: number[] };

/** How the console opens, scrolls and obeys where runs are large; throws when a frame is blank. */
export async function bigRun(rounds: number): Promise<Figure[]> {
  await using engine = await BenchEngine.start();
  const many = await runToEnd(engine, { targets: '', addresses: manyTargets, task: { type: 'script', text: 'true' } });
  const large = await runToEnd(engine, { targets: 'local', task: { type: 'script', text: gigabyte } });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(engine.link);
    const { origin } = new URL(engine.link);
    await page.locator('.code-editor-host[data-ready="true"]').waitFor();
    const opened = { targets: new Array<number>(), table: new Array<number>(), output: new Array<number>() };
    const delays: number[] = [];
    const table = '[aria-label="Targets of the run"] [role="row"]';
    for (let round = 0; round < rounds; round += 1) {
      opened.targets.push(
        await openRun(page, `${origin}/#/runs/${many}`, { selector: '.strip', text: '5000 of 5000' }),
      );
      opened.table.push(
        await openRun(page, `${origin}/#/runs/${many}?tab=targets`, { selector: table, text: '127.1.' }),
      );
      await scrollWithoutBlank(page, '[aria-label="Targets of the run"]');
      opened.output.push(await openRun(page, `${origin}/#/runs/${large}`, { selector: '.xterm-rows', text: '00007' }));
      await scrollWithoutBlank(page, '.xterm-rows');
      delays.push(await inputDelay(page, engine));
    }
    const pace = machinePace();
    const bar = openBarMs;
    return [
      figureOf({ name: 'run of 5,000 targets: load → progress', unit: 'ms', values: opened.targets, bar, pace }),
      figureOf({ name: 'run of 5,000 targets: load → list of them', unit: 'ms', values: opened.table, bar, pace }),
      figureOf({ name: 'run of 1 GB: load → last lines', unit: 'ms', values: opened.output, bar, pace }),
      figureOf({
        name: `key → frame while ${linesPerSecond} lines/s arrive: p95`,
        unit: 'ms',
        values: delays,
        bar: inputBarMs,
        pace,
      }),
    ];
  } finally {
    await browser.close();
  }
}

async function runToEnd({ client }: BenchEngine, request: InputOf<'run.start'>): Promise<number> {
  const { id, no } = await client.call('run.start', request);
  await untilRunEnded(client, id);
  return no;
}

/** Milliseconds from the start of loading an address to the frame in which an element holds the text. */
async function openRun(page: Page, url: string, content: { selector: string; text: string }): Promise<number> {
  await page.goto('about:blank');
  await page.goto(url, { waitUntil: 'commit' });
  const shown = await page.waitForFunction(
    ({ selector, text }) => {
      const found = Array.from(document.querySelectorAll(selector), (element) => element.textContent).join(' ');
      return found.includes(text) ? performance.now() : null;
    },
    content,
    { polling: 'raf', timeout: 60_000 },
  );
  return (await shown.jsonValue()) ?? Number.NaN;
}

/** Turns the wheel over what was opened; throws when a frame shows nothing. */
async function scrollWithoutBlank(page: Page, rows: string): Promise<void> {
  const box = await page.locator(rows).first().boundingBox();
  await page.mouse.move((box?.x ?? 0) + 200, (box?.y ?? 0) + 40);
  await page.evaluate((selector) => {
    const seen: ScrollSeen = { frames: 0, blank: 0 };
    (globalThis as Watch).scrolled = seen;
    const look = (): void => {
      const text = document.querySelector(selector)?.textContent.trim() ?? '';
      seen.frames += 1;
      seen.blank += text === '' ? 1 : 0;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, rows);
  for (let turn = 0; turn < wheelTurns; turn += 1) {
    await page.mouse.wheel(0, turn < wheelTurns / 2 ? -600 : 600);
    await pause(wheelEveryMs);
  }
  const { frames = 0, blank = 0 } = (await page.evaluate(() => (globalThis as Watch).scrolled)) ?? {};
  if (frames < wheelTurns || blank > 0) {
    throw new Error(`${blank} of ${frames} frames were blank while ${rows} was scrolled`);
  }
}

/** p95 of the milliseconds from a key to the frame after it, while a script floods the page with lines. */
async function inputDelay(page: Page, { client, link }: BenchEngine): Promise<number> {
  const words = [process.execPath, '-e', writer].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const text = `exec ${words.join(' ')}\n`;
  const { id, no } = await client.call('run.start', { targets: 'local', task: { type: 'script', text } });
  await openRun(page, `${new URL(link).origin}/#/runs/${no}`, { selector: '.xterm-rows', text: 'sixty-three' });
  await page.keyboard.press('/');
  const field = page.getByRole('textbox', { name: 'Search in the output' });
  await field.focus();
  await page.evaluate(() => {
    const delays: number[] = [];
    (globalThis as Watch).delays = delays;
    const keep = ({ name, duration }: PerformanceEntry): void => void (name === 'keydown' && delays.push(duration));
    // TypeScript's DOM does not know the threshold yet.
    const what: PerformanceObserverInit & { durationThreshold: number } = { type: 'event', durationThreshold: 16 };
    new PerformanceObserver((list) => list.getEntries().forEach(keep)).observe(what);
  });
  for (let key = 0; key < keys; key += 1) {
    await page.keyboard.press(key % 8 < 4 ? 'x' : 'Backspace');
    await pause(keyEveryMs);
  }
  const live = await client.call('run.get', { run: id });
  const late = ((await page.evaluate(() => (globalThis as Watch).delays)) ?? []).toSorted((a, b) => b - a);
  await untilRunEnded(client, id);
  if (live.run.endedAt !== null) {
    throw new Error('the flood was over before the last key');
  }
  // Delays below 16 ms are not told by Chromium: they are those that are missing.
  return late[Math.floor(keys * 0.05)] ?? 16;
}
