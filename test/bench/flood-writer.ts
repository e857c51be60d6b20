// The flood itself: `flood-writer.ts NOTE` writes the lines at their pace and then its own times into the file NOTE.
import { writeFileSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { floodLine, floodLines, linesPerSecond } from './flood-line.ts';

const everyMs = 10;
const atOnce = (linesPerSecond * everyMs) / 1_000;

function writeAll(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) {
    at += writeSync(1, bytes, at);
  }
}

const beganAt = Date.now();
const began = performance.now();
for (let written = 0; written < floodLines;) {
  let text = '';
  for (const end = written + atOnce; written < end;) {
    written += 1;
    text += floodLine(written);
  }
  writeAll(text);
  // By the clock and not from write to write, so that a late one is made good.
  const ahead = (written / linesPerSecond) * 1_000 - (performance.now() - began);
  if (ahead > 0) {
    await pause(ahead);
  }
}
writeFileSync(process.argv[2] ?? '', JSON.stringify({ beganAt, writingMs: performance.now() - began }));
