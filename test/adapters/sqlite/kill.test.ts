import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { behind, find, hostRow, open, recordingLog, testFolder } from './archive-fixture.ts';
import { lineText, type Told } from './archive-writer.ts';

const writer = resolve(import.meta.dirname, 'archive-writer.ts');

/** Lets another process write into the archive and kills it after so many acknowledged writes and a few microseconds. */
async function killedWriter(folder: string, after: number): Promise<Told[]> {
  const child = spawn(process.execPath, [writer, folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  let problem = '';
  child.stderr.on('data', (bytes: Buffer) => (problem += bytes.toString()));
  child.stdout.on('data', (bytes: Buffer) => {
    text += bytes.toString();
    if (text.split('\n').length > after) {
      child.kill('SIGKILL');
    }
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal, problem).toBe('SIGKILL');
  // The last line may be torn; what it would have told was acknowledged to nobody.
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Told);
}

describe('an archive whose program is killed', () => {
  it('has every write that was acknowledged, ten times over, and is whole', async () => {
    const folder = testFolder();
    const told: Told[] = [];
    for (let seed = 1; seed <= 10; seed += 1) {
      const more = await killedWriter(folder, 3 + ((seed * 7919) % 97));
      expect(more.length).toBeGreaterThanOrEqual(3);
      told.push(...more);
      const log = recordingLog();
      const archive = open(folder, { log });
      expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
      const statuses = new Map(
        told.flatMap((each) => (each.kind === 'moved' ? [[each.id, each.status] as const] : [])),
      );
      for (const [id, status] of statuses) {
        expect([status, 'success']).toContain(find(archive, id).status);
      }
      let rows = 0;
      for (const each of told) {
        if (each.kind === 'run') {
          expect(find(archive, each.no).id).toBe(each.id);
        } else if (each.kind === 'result') {
          expect(hostRow(archive, each.id, each.host)).toMatchObject({ status: 'success', message: each.message });
        } else if (each.kind === 'output') {
          const lines = archive.getLines(each.id, { after: each.lastSeq - 30, limit: 30 });
          expect(lines.map(({ seq, text }) => ({ seq, text }))).toEqual(
            lines.map((_, at) => ({ seq: each.lastSeq - 29 + at, text: lineText(each.lastSeq - 29 + at) })),
          );
          expect(lines).toHaveLength(30);
        } else if (each.kind === 'audit') {
          rows = each.rows;
        }
      }
      const audit = archive.verifyAudit();
      expect(audit.brokenAt).toBeNull();
      expect(audit.rows).toBeGreaterThanOrEqual(rows);
      archive.close();
      const db = behind(folder, { readonly: true });
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(db.pragma('foreign_key_check')).toEqual([]);
      db.close();
    }
    const numbers = told.flatMap((each) => (each.kind === 'run' ? [each.no] : []));
    expect(new Set(numbers).size).toBe(numbers.length);
  }, 60_000);
});
