import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import type { Told } from './purge-writer.ts';
import { behind, chunk, find, open, result, running, testFolder } from './archive-fixture.ts';

const writer = resolve(import.meta.dirname, 'purge-writer.ts');
const runs = 60;

/** Runs the sweep in a process of its own and kills it after so many steps; false when it ended by itself before. */
async function killedSweep(folder: string, after: number): Promise<{ killed: boolean; done: string[] }> {
  const child = spawn(process.execPath, [writer, folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [text, problem] = ['', ''];
  child.stderr.on('data', (bytes: Buffer) => (problem += bytes.toString()));
  child.stdout.on('data', (bytes: Buffer) => {
    text += bytes.toString();
    if (text.split('\n').length > after) {
      child.kill('SIGKILL');
    }
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal === 'SIGKILL' || code === 0, problem).toBe(true);
  const done = text
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => JSON.parse(line) as Told);
  return { killed: signal === 'SIGKILL', done };
}

function fill(archive: SqliteArchive, count: number): string {
  const { id } = running(archive);
  for (let n = 0; n < count; n += 1) {
    archive.appendOutput(id, [chunk(Buffer.alloc(2_048, 65 + (n % 20)), { firstN: n + 1 })]);
  }
  archive.finishHost(id, 0, result());
  archive.moveRun(id, 'running', { status: 'success', phase: 'ok', endedAt: 5 });
  return id;
}

describe('a sweep that is killed', () => {
  it('loses no record, repeats nothing, and is counted and audited once', async () => {
    const folder = testFolder();
    const first = open(folder);
    const ids = Array.from({ length: runs }, (_, at) => fill(first, 1 + ((at * 37) % 90)));
    const live = running(first);
    first.appendOutput(live.id, [chunk('still here\n')]);
    first.close();
    const told = new Set<string>();
    for (let seed = 0, goesOn = true; goesOn; seed += 1) {
      const { killed, done } = await killedSweep(folder, 2 + ((seed * 7) % 13));
      goesOn = killed;
      for (const id of done) {
        expect(told.has(id), `${id} was removed twice`).toBe(false);
        told.add(id);
      }
      const archive = open(folder);
      for (const id of ids) {
        const run = find(archive, id);
        const lines = archive.getLines(id, { limit: 5_000 }).length;
        if (told.has(id)) {
          expect(run.purged).toEqual({ at: 1, rule: 'age', limit: 1 });
        }
        expect(run.purged !== null || lines === run.lastSeq, `run ${run.no}`).toBe(true);
      }
      expect(archive.getLines(live.id, { limit: 5 })).toHaveLength(1);
      archive.close();
      const db = behind(folder, { readonly: true });
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      db.close();
    }
    const db = behind(folder, { readonly: true });
    expect(db.prepare('SELECT count(*), sum(by_age) FROM sweeps WHERE ended_at IS NOT NULL').raw().get()).toEqual([
      1,
      runs,
    ]);
    const audits = db.prepare(`SELECT detail FROM audit_log WHERE action = 'retention.sweep'`).pluck().all();
    expect(audits.map((detail) => (JSON.parse(String(detail)) as { byRule: unknown }).byRule)).toEqual([
      { age: runs, bytes: 0, count: 0 },
    ]);
    expect(db.prepare('SELECT DISTINCT run_no FROM log_chunks').pluck().all()).toEqual([live.no]);
    db.close();
  }, 120_000);
});
