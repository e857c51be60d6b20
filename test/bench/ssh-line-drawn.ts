import type { Page } from 'playwright';
import { launchChromium } from '../e2e/console.ts';
import { BenchEngine, untilRunEnded } from './bench-engine.ts';
import { type Figure, figureOf } from './figure.ts';
import { machinePace } from './machine-pace.ts';
import { SshFleet } from './ssh-fleet.ts';
import { needSuccess, runOf, runToSuccess } from './ssh-run.ts';

const others = 50;
const marks = 60;
const medianBarMs = 100;
const lateBarMs = 250;

/** A line every tenth of a second that holds its own moment, in milliseconds since 1970 by the clock the page has too. */
const marker = `i=0; while [ $i -lt ${marks} ]; do i=$((i+1)); echo "mark $i $(date +%s%3N)"; sleep 0.1; done`;
/** A hundred lines a second for longer than the marks take. */
const noise = 'i=0; while [ $i -lt 100 ]; do i=$((i+1)); seq -f "line %05g of a busy machine" 10; sleep 0.1; done';

type Watch = { drawn?: Record<number, number> };

/** From the moment a line is written on an ssh target to the frame that shows it, in a real browser, while 50 others write. */
export async function sshLineDrawn(rounds: number): Promise<Figure[]> {
  await using fleet = await SshFleet.start(others + 1);
  await using engine = await BenchEngine.start();
  await runToSuccess(engine.client, fleet, 'true');
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(engine.link);
    await page.locator('.code-editor-host[data-ready="true"]').waitFor();
    const delays: number[][] = [];
    for (let round = 0; round < rounds; round += 1) {
      delays.push(await measure(page, engine, fleet));
    }
    const sorted = delays.map((values) => values.toSorted((a, b) => a - b));
    const at = (share: number): number[] =>
      sorted.map((values) => values[Math.floor((values.length - 1) * share)] ?? 0);
    const pace = machinePace();
    return [
      figureOf({
        name: `written by ssh → drawn, ${others} others writing: median`,
        unit: 'ms',
        values: at(0.5),
        bar: medianBarMs,
        pace,
      }),
      figureOf({
        name: `written by ssh → drawn, ${others} others writing: p95`,
        unit: 'ms',
        values: at(0.95),
        bar: lateBarMs,
        pace,
      }),
    ];
  } finally {
    await browser.close();
  }
}

/** Milliseconds of each mark; throws when one was never drawn. */
async function measure(page: Page, { client }: BenchEngine, fleet: SshFleet): Promise<number[]> {
  const [first = '', ...rest] = fleet.hosts;
  const start = (text: string, hosts: readonly string[]) =>
    client.call('run.start', { ...runOf(fleet, { text }), addresses: hosts.join(',') });
  const busy = await start(noise, rest);
  const watched = await start(marker, [first]);
  await page.evaluate(watchForMarks);
  await page.goto(`${new URL(page.url()).origin}/#/runs/${watched.no}`);
  await untilRunEnded(client, watched.id);
  await needSuccess(client, watched.id);
  const drawn = await page.waitForFunction(
    (count) => {
      const found = (globalThis as Watch).drawn ?? {};
      return found[count] === undefined ? null : found;
    },
    marks,
    { timeout: 10_000 },
  );
  const delays = Object.entries((await drawn.jsonValue()) ?? {});
  await untilRunEnded(client, busy.id);
  await needSuccess(client, busy.id);
  // The page opens while the first marks are written: those show how long opening takes, which is another figure.
  const late = delays.filter(([n]) => Number(n) > marks / 3).map(([, ms]) => ms);
  if (late.length < (marks * 2) / 3 - 1) {
    throw new Error(`only ${late.length} of ${(marks * 2) / 3} marks were seen to be drawn`);
  }
  return late;
}

/** Runs inside the page: keeps for each mark the time from its writing to the frame after it stood in the terminal. */
function watchForMarks(): void {
  const drawn: Record<number, number> = {};
  (globalThis as Watch).drawn = drawn;
  new MutationObserver(() => {
    const text = document.querySelector('.xterm-rows')?.textContent ?? '';
    for (const [, n, at] of text.matchAll(/mark (\d+) (\d{13})/g)) {
      const mark = Number(n);
      if (drawn[mark] === undefined) {
        drawn[mark] = Number.POSITIVE_INFINITY;
        requestAnimationFrame(() => {
          drawn[mark] = Date.now() - Number(at);
        });
      }
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}
