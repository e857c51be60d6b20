import type { Page } from 'playwright';
import { launchChromium } from '../e2e/console.ts';
import { BenchEngine } from './bench-engine.ts';
import { type Figure, figureOf } from './figure.ts';
import { machinePace } from './machine-pace.ts';
import { cpuMs } from './process-facts.ts';

const barMs = 150;
/** The page takes a second press soon after a start for a slip. */
const betweenMs = 1_000;

type Watch = { firstLineMs?: Promise<number> };

/** From the click on Run to the frame after which the first line stands in the terminal, in a real browser. */
export async function firstLine(rounds: number): Promise<Figure[]> {
  await using engine = await BenchEngine.start();
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(engine.link);
    await page.locator('.code-editor-host[data-ready="true"]').waitFor();
    // Once to warm up: the first run also shows the output panel for the first time.
    const toFirstRun = await measure(page, 'warm-up');
    const cpuBefore = cpuMs(engine.pid);
    const values: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      values.push(await measure(page, `round-${round}-of-${rounds}`));
    }
    const cpu = (cpuMs(engine.pid) - cpuBefore) / rounds;
    return [
      figureOf({ name: 'click → first line', unit: 'ms', values, bar: barMs, pace: machinePace(), cpuMs: cpu }),
      figureOf({ name: 'the very first, output panel included', unit: 'ms', values: [toFirstRun] }),
    ];
  } finally {
    await browser.close();
  }
}

async function measure(page: Page, text: string): Promise<number> {
  await page.waitForTimeout(betweenMs);
  await page.locator('.code-editor').getByRole('textbox').focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(`echo ${text}`);
  // A person looks once more before the click; the preview has been asked for by then.
  await page.waitForTimeout(betweenMs);
  await page.evaluate(watchForLine, text);
  await page.getByRole('button', { name: /^Run on/ }).click();
  return page.evaluate(() => (globalThis as Watch).firstLineMs ?? Promise.reject(new Error('nothing was watched')));
}

/** Runs inside the page: from the moment of the next click to the frame that shows `text` in the terminal. */
function watchForLine(text: string): void {
  let clickedAt = Number.NaN;
  document.addEventListener('click', ({ timeStamp }) => (clickedAt = timeStamp), { capture: true, once: true });
  (globalThis as Watch).firstLineMs = new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (document.querySelector('.xterm-rows')?.textContent.includes(text)) {
        observer.disconnect();
        requestAnimationFrame(() => resolve(performance.now() - clickedAt));
      }
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}
