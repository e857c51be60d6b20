import { describe, expect, it } from 'vitest';
import { DroverClient } from '#contract/client';
import type { Run } from '#contract/run';
import { noOutput, type OutputInfo, OutputReader } from '../../src-renderer/features/run/output-reader.ts';
import { FakeWire, Refused, settle } from './fake-wire.ts';
import { linesOf, runOf } from './sample-runs.ts';

const alwaysOpen = { open: () => Promise.resolve(), onClose: () => () => {} };

async function startReader(tail = 500, part: { host?: number; stream?: 'out' | 'err' } = {}) {
  const wire = new FakeWire();
  const shown: string[] = [];
  const ended: Run[] = [];
  let info: OutputInfo = noOutput;
  const reader = new OutputReader({ run: 7, ...part }, tail, {
    client: new DroverClient(wire),
    gate: alwaysOpen,
    screen: () => ({
      append: (lines) => shown.push(`+${lines.map((line) => line.seq).join(',')}`),
      replace: (lines, anchor) => shown.push(`=${lines[0]?.seq ?? ''}-${lines.at(-1)?.seq ?? ''} ${anchor}`),
    }),
    onInfo: (told) => {
      info = told;
    },
    onEnd: (run) => ended.push(run),
  });
  reader.start();
  await settle();
  return { wire, reader, shown, ended, info: () => info };
}

const frame = (first: number, last: number) => ({ kind: 'lines', lines: linesOf(first, last) });

describe('the reader of output', () => {
  it('begins with the last lines and shows what comes', async () => {
    const { wire, shown, info } = await startReader(500);
    expect(wire.lastFeed.input).toEqual({ run: 7, tail: 500 });
    wire.lastFeed.give(3, frame(1, 3));
    wire.lastFeed.give(4, frame(4, 4));
    expect(shown).toEqual(['=- end', '+1,2,3', '+4']);
    expect(info()).toMatchObject({ count: 4, atStart: true, atEnd: true, ended: false });
  });

  it('knows that earlier lines stand before a tail', async () => {
    const { wire, info } = await startReader();
    wire.lastFeed.give(900, frame(401, 900));
    expect(info().atStart).toBe(false);
  });

  it.each([
    [[], true],
    [linesOf(3, 3), false],
  ])('asks whether anything of one target stands before its first line: %j', async (lines, atStart) => {
    const { wire, info } = await startReader(500, { host: 4 });
    wire.answers = { 'run.lines': () => ({ lines, more: false }) };
    wire.lastFeed.give(900, frame(401, 410));
    await settle();
    expect(wire.sent).toEqual([{ name: 'run.lines', input: { run: 7, host: 4, before: 401, limit: 1 } }]);
    expect(info().atStart).toBe(atStart);
  });

  it('knows the last lines from a look elsewhere', async () => {
    const { wire, reader, info } = await startReader();
    wire.answers = { 'run.lines': () => ({ lines: linesOf(1, 100), more: true }) };
    wire.lastFeed.give(900, frame(401, 900));
    expect(info().isTail).toBe(true);
    await reader.fromStart();
    expect(info().isTail).toBe(false);
    reader.start();
    expect(info().isTail).toBe(true);
  });

  it('goes on after the last line when the engine was away, without a gap or a double', async () => {
    const { wire, reader, info } = await startReader();
    wire.lastFeed.give(3, frame(1, 3));
    wire.lastFeed.end('engine-unreachable');
    await settle();
    expect(wire.lastFeed.input).toEqual({ run: 7, after: 3 });
    wire.lastFeed.give(4, frame(3, 4));
    expect(reader.lines.map((line) => line.seq)).toEqual([1, 2, 3, 4]);
    expect(info().error).toBeNull();
  });

  it('hands on the final state and says that nothing more will come', async () => {
    const { wire, ended, info } = await startReader();
    wire.lastFeed.give(0, { kind: 'final', run: runOf({ no: 7, status: 'success' }) });
    wire.lastFeed.end();
    await settle();
    expect(ended.map((run) => run.status)).toEqual(['success']);
    expect(info()).toMatchObject({ ended: true, count: 0 });
  });

  it('loads the page before the first line and stays where the reader was', async () => {
    const { wire, reader, shown, info } = await startReader();
    wire.answers = { 'run.lines': () => ({ lines: linesOf(1, 400), more: false }) };
    wire.lastFeed.give(900, frame(401, 900));
    await reader.earlier();
    expect(wire.sent).toEqual([{ name: 'run.lines', input: { run: 7, before: 401, limit: 5_000 } }]);
    expect(shown.at(-1)).toBe('=1-900 stay');
    expect(info()).toMatchObject({ atStart: true, atEnd: true, paging: false });
  });

  it('asks for one page at a time', async () => {
    const { wire, reader } = await startReader();
    wire.answers = { 'run.lines': () => ({ lines: linesOf(1, 400), more: false }) };
    wire.lastFeed.give(900, frame(401, 900));
    await Promise.all([reader.earlier(), reader.earlier()]);
    expect(wire.sent.length).toBe(1);
  });

  it('shows the first page, holds new lines back, and comes to the end again', async () => {
    const { wire, reader, shown, info } = await startReader();
    wire.answers = { 'run.lines': () => ({ lines: linesOf(1, 100), more: true }) };
    wire.lastFeed.give(900, frame(401, 900));
    await reader.fromStart();
    wire.lastFeed.give(901, frame(901, 901));
    expect(shown.at(-1)).toBe('=1-100 start');
    expect(info()).toMatchObject({ atStart: true, atEnd: false });
    const before = wire.lastFeed;
    reader.start();
    await settle();
    expect(before.closed).toBe(true);
    expect(wire.lastFeed.input).toEqual({ run: 7, tail: 500 });
  });

  it('brings the page around a line that is not loaded, and asks for nothing when it is', async () => {
    const { wire, reader, shown, info } = await startReader();
    wire.answers = {
      'run.lines': ({ before, after }: { before?: number; after?: number }) =>
        before === undefined
          ? { lines: linesOf((after ?? 0) + 1, (after ?? 0) + 400), more: true }
          : { lines: linesOf(before - 400, before - 1), more: true },
    };
    wire.lastFeed.give(9_500, frame(9_001, 9_500));
    await reader.show(9_400);
    expect(wire.sent).toEqual([]);
    await reader.show(5_000);
    expect(shown.at(-1)).toBe('=4600-5399 stay');
    expect(info()).toMatchObject({ atStart: false, atEnd: false, isTail: false, paging: false });
  });

  it('brings the line that was wanted last, also when it is asked for while another page is on its way', async () => {
    const { wire, reader } = await startReader();
    wire.answers = {
      'run.lines': ({ before, after }: { before?: number; after?: number }) =>
        before === undefined
          ? { lines: linesOf((after ?? 0) + 1, (after ?? 0) + 400), more: true }
          : { lines: linesOf(before - 400, before - 1), more: true },
    };
    wire.lastFeed.give(99_500, frame(99_001, 99_500));
    const asked = [reader.show(5_000), reader.show(20_000), reader.show(50_000)];
    expect(await Promise.all(asked)).toEqual([false, false, true]);
    expect(reader.lines.some((line) => line.seq === 50_000)).toBe(true);
  });

  it('loses no line that comes while the page around the last ones is fetched', async () => {
    const { wire, reader } = await startReader();
    wire.answers = {
      'run.lines': ({ before }: { before?: number }) => {
        wire.lastFeed.give(702, frame(702, 702));
        return before === undefined
          ? { lines: linesOf(300, 701), more: false }
          : { lines: linesOf(1, 299), more: false };
      },
    };
    wire.lastFeed.give(701, frame(600, 701));
    await reader.show(300);
    expect(reader.lines.map((line) => line.seq)).toEqual(linesOf(1, 702).map((line) => line.seq));
    wire.lastFeed.give(703, frame(703, 703));
    expect(reader.lines.at(-1)?.seq).toBe(703);
  });

  it('says what went wrong with a page and keeps what is loaded', async () => {
    const { wire, reader, info } = await startReader();
    wire.answers = { 'run.lines': () => new Refused('internal') };
    wire.lastFeed.give(900, frame(401, 900));
    await reader.earlier();
    expect(info().error?.code).toBe('internal');
    expect(info().count).toBe(500);
  });

  it('says so when the run is not there', async () => {
    const { wire, info } = await startReader();
    wire.lastFeed.end('not-found');
    await settle();
    expect(info().error?.code).toBe('not-found');
  });

  it('tells nothing more once it was stopped', async () => {
    const { wire, reader, info } = await startReader();
    const feed = wire.lastFeed;
    reader.stop();
    await settle();
    expect(feed.closed).toBe(true);
    expect(info().ended).toBe(false);
  });
});
