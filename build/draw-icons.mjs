// `node build/draw-icons.mjs`: draws the pictures of the window and the tray from the crook of the pages, by Chromium.
// Run by hand when the mark changes; what it writes to resources/ is committed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { root } from './run-command.mjs';

const crook = readFileSync(join(root, 'src-renderer/app/crook.svg'), 'utf8');
const teal = '#17998f';

/** A template is black, and macOS gives it its colour. `share` of the picture is the mark, the rest is room around it. */
const icons = [
  { name: 'trayTemplate.png', size: 16, colour: '#000000', width: 2.6, share: 1 },
  { name: 'trayTemplate@2x.png', size: 32, colour: '#000000', width: 2.6, share: 1 },
  { name: 'tray.png', size: 24, colour: teal, width: 2.6, share: 1 },
  { name: 'tray@2x.png', size: 48, colour: teal, width: 2.6, share: 1 },
  { name: 'drover.png', size: 256, colour: teal, width: 2.2, share: 0.86 },
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/lib/chromium/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const page = await browser.newPage();
for (const { name, size, colour, width, share } of icons) {
  const mark = crook
    .replace('<svg', `<svg width="${size * share}" height="${size * share}"`)
    .replace(/stroke="#\w+"/, `stroke="${colour}"`)
    .replace(/stroke-width="[\d.]+"/, `stroke-width="${width}"`);
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<body style="margin:0;display:grid;place-items:center;height:100vh">${mark}</body>`);
  writeFileSync(join(root, 'resources', name), await page.screenshot({ omitBackground: true }));
}
await browser.close();
