import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { LogFacts } from '#core/ports-doctor';

const LogLine = z.looseObject({ level: z.number(), time: z.string(), msg: z.string() });
export type LogLine = z.infer<typeof LogLine>;

/** Of the end of the log that is looked at, in bytes. */
const mostBytes = 4_000_000;
const dayMs = 24 * 3_600_000;
const errorLevel = 50;

/** What the log of the last day says of errors. Never throws: a log that cannot be read has no lines. */
export function readLogFacts(file: string, now: number): LogFacts {
  const errors = lastLogLines(file).filter(({ level, time }) => level >= errorLevel && now - Date.parse(time) < dayMs);
  return {
    ...filesOf(file),
    errors: errors.length,
    lastError: errors.at(-1)?.msg ?? null,
  };
}

/** The last lines of the log, oldest first; what is no line of Drover's is left out. */
export function lastLogLines(file: string, most = Number.POSITIVE_INFINITY): LogLine[] {
  return tailOf(file)
    .split('\n')
    .slice(-most - 1)
    .flatMap((line) => parse(line) ?? []);
}

function parse(line: string): LogLine | undefined {
  try {
    return LogLine.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function tailOf(file: string): string {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const { size } = fstatSync(descriptor);
      const bytes = Buffer.alloc(Math.min(size, mostBytes));
      const read = readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
      return bytes.toString('utf8', 0, read);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}

function filesOf(file: string): { bytes: number; files: number } {
  try {
    const folder = dirname(file);
    const name = basename(file);
    const own = readdirSync(folder).filter((one) => one.startsWith(name) && /^(\.\d+)?$/.test(one.slice(name.length)));
    const sizes = own.map((one) => statSync(join(folder, one), { throwIfNoEntry: false })?.size ?? 0);
    return { files: own.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
  } catch {
    return { files: 0, bytes: 0 };
  }
}
