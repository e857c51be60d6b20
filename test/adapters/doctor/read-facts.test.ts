import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readFolder } from '#adapters/doctor/read-folder';
import { lastLogLines, readLogFacts } from '#adapters/doctor/read-log';
import { clockDrift, readOpenFiles } from '#adapters/doctor/read-process';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'drover-doctor-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const at = Date.parse('2026-11-28T12:00:00.000Z');
const line = (level: number, time: string, msg: string): string => `${JSON.stringify({ level, time, msg })}\n`;

describe('the log as the doctor reads it', () => {
  it('counts the errors of the last day, and names the last one', () => {
    const file = join(folder(), 'drover.log');
    writeFileSync(
      file,
      [
        line(50, '2026-11-26T12:00:00.000Z', 'too old'),
        line(50, '2026-11-28T01:00:00.000Z', 'first'),
        line(40, '2026-11-28T02:00:00.000Z', 'a warning'),
        line(50, '2026-11-28T03:00:00.000Z', 'second'),
        'not JSON\n[]\n{"level":"x"}\n',
      ].join(''),
    );
    writeFileSync(`${file}.1`, 'x'.repeat(100));
    writeFileSync(`${file}.bak`, 'x'.repeat(100));
    const facts = readLogFacts(file, at);
    expect(facts).toMatchObject({ files: 2, errors: 2, lastError: 'second' });
    expect(facts.bytes).toBeGreaterThan(200);
  });

  it('is read from its end when it is long, and not at all when it is not there', () => {
    const file = join(folder(), 'drover.log');
    const filler = line(30, '2026-11-28T01:00:00.000Z', 'y'.repeat(900));
    writeFileSync(file, filler.repeat(6_000) + line(50, '2026-11-28T03:00:00.000Z', 'the end'));
    expect(lastLogLines(file, 2).map(({ msg }) => msg)).toEqual(['y'.repeat(900), 'the end']);
    expect(lastLogLines(file).length).toBeLessThan(5_000);
    expect(readLogFacts('/nowhere/drover.log', at)).toEqual({ files: 0, bytes: 0, errors: 0, lastError: null });
  });
});

describe.skipIf(process.platform !== 'linux')('a process as the doctor reads it', () => {
  it('goes by both clocks alike, unless one of them was set', () => {
    const now = Date.now();
    const noted = { at: now - 60_000, upS: uptime() - 60 };
    expect(Math.abs(clockDrift(noted, now))).toBeLessThan(1_000);
    expect(Math.round(clockDrift(noted, now + 3_600_000) / 60_000)).toBe(60);
    expect(Math.round(clockDrift(noted, now - 7_200_000) / 60_000)).toBe(-120);
  });

  it('has so many files open, of so many it may', () => {
    const files = readOpenFiles(process.pid);
    expect(files?.limit).toBeGreaterThan(100);
    expect(files?.used).toBeGreaterThan(3);
    expect(readOpenFiles('self')).toMatchObject({ used: null });
    expect(readOpenFiles(2 ** 30)).toBeNull();
  });
});

describe('a folder as the doctor reads it', () => {
  it('is there, or is not, or is something else', () => {
    const path = folder();
    mkdirSync(join(path, 'own'), { mode: 0o700 });
    writeFileSync(join(path, 'file'), '');
    const nothing = { uid: null, mode: null, isWritable: false, network: null };
    expect(readFolder(join(path, 'own'), () => undefined)).toMatchObject({
      kind: 'folder',
      mode: 0o700,
      isWritable: true,
      network: null,
    });
    expect(readFolder(join(path, 'own'), () => 'NFS').network).toBe('NFS');
    expect(readFolder(join(path, 'none'), () => undefined)).toMatchObject({ kind: 'absent', ...nothing });
    expect(readFolder(join(path, 'file'), () => undefined)).toMatchObject({ kind: 'other', ...nothing });
    expect(readFolder(join(path, 'file', 'below'), () => undefined).kind).toBe('other');
  });
});
