import { describe, expect, it } from 'vitest';
import type { HostReason } from '#contract/run';
import type { ResultsQuery } from '#contract/run';
import { downloadResults } from '#api/handlers/run-results';
import type { HostResult } from '#core/ports';
import { anna, storeRun } from '../../support/fakes/engine-rig.ts';
import { MemoryArchive } from '../../support/fakes/memory-archive.ts';

const nothing = { omitted: 0, sha256: null };

function resultOf(change: Partial<HostResult> = {}): HostResult {
  return {
    status: 'success',
    reason: null,
    message: '',
    exitCode: 0,
    stopped: null,
    endedAt: 1_700_000_001_500,
    durationMs: 1_500,
    out: nothing,
    err: nothing,
    ...change,
  };
}

function runWith(results: readonly Partial<HostResult>[]): { archive: MemoryArchive; id: string } {
  const archive = new MemoryArchive();
  const id = storeRun(archive, results.length);
  for (const [host, change] of results.entries()) {
    archive.startHost(id, host, 1_700_000_000_000);
    archive.finishHost(id, host, resultOf(change));
  }
  return { archive, id };
}

async function csv({ archive, id }: ReturnType<typeof runWith>, query: Omit<ResultsQuery, 'run'> = {}) {
  const run = archive.findRun(anna.teamId, id);
  if (!run) {
    throw new Error('no run');
  }
  const { name, contentType, body } = downloadResults(archive, run, { run: id, ...query });
  const parts: string[] = [];
  for await (const part of body) {
    parts.push(new TextDecoder('utf-8', { fatal: true }).decode(part));
  }
  return { name, contentType, text: parts.join(''), parts };
}

const head = 'run,target,address,status,reason,exit code,started,ended,duration ms,lines,bytes,message';
const failed = (reason: HostReason, message = ''): Partial<HostResult> => ({
  status: 'failed',
  reason,
  message,
  exitCode: null,
});

/** The names of the targets in a file whose cells hold neither commas nor line breaks. */
const names = (text: string): string[] =>
  text
    .split('\r\n')
    .slice(1, -1)
    .map((line) => line.split(',')[1] ?? '');

describe('results as CSV', () => {
  it('have one record for each target, ended by CR LF', async () => {
    const { name, contentType, text } = await csv(runWith([{}, failed('refused-connection', 'nobody listens')]));
    expect([name, contentType]).toEqual(['run-1-results.csv', 'text/csv; charset=utf-8']);
    expect(text.split('\r\n')).toEqual([
      head,
      '1,t0,10.0.0.0,success,,0,2023-11-14T22:13:20.000Z,2023-11-14T22:13:21.500Z,1500,0,0,',
      '1,t1,10.0.0.1,failed,refused-connection,,2023-11-14T22:13:20.000Z,2023-11-14T22:13:21.500Z,1500,0,0,nobody listens',
      '',
    ]);
  });

  it('quote what would end a cell or a record', async () => {
    const { text } = await csv(runWith([{ message: 'one, "two"\nthree ü 行' }]));
    expect(text.endsWith(',"one, ""two""\nthree ü 行"\r\n')).toBe(true);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('make no formula of %j', async (message) => {
    const { text } = await csv(runWith([{ message }]));
    const cell = /,("?)('?)[=+\-@\t\r][^,]*$/.exec(text.slice(0, -2));
    expect(cell?.[2]).toBe("'");
  });

  it('are those of a status, of a reason or of named places, and of all that is asked for at once', async () => {
    const run = runWith([{}, failed('exit-code'), failed('unreachable'), failed('host-key'), failed('unreachable')]);
    expect(names((await csv(run, { status: ['success'] })).text)).toEqual(['t0']);
    expect(names((await csv(run, { reason: ['unreachable', 'host-key'] })).text)).toEqual(['t2', 't3', 't4']);
    expect(names((await csv(run, { hosts: '3-9,0' })).text)).toEqual(['t0', 't3', 't4']);
    expect(names((await csv(run, { hosts: '0-3', status: ['failed'], reason: ['unreachable'] })).text)).toEqual(['t2']);
    expect((await csv(run, { status: ['timeout'] })).text).toBe(`${head}\r\n`);
  });

  it('come in pages, each target once', async () => {
    const { text, parts } = await csv(runWith(Array.from({ length: 2_300 }, () => ({}))));
    expect(names(text)).toEqual(Array.from({ length: 2_300 }, (_, index) => `t${index}`));
    expect(parts.length).toBe(4);
  });
});
