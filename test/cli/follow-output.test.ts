import { describe, expect, it } from 'vitest';
import { DroverClient } from '#contract/client';
import type { OutputFrame, OutputLine } from '#contract/run';
import { followOutput, type OutputView } from '../../src-main/cli/follow-output.ts';
import { sampleLine, sampleRun } from './sample-runs.ts';

const total = 20;

/** An engine that sends a line per frame without waiting for anybody, and a reader that is full after every fifth. */
function slowReader() {
  const opened: number[] = [];
  const shown: number[] = [];
  let unread = 0;
  let drains = 0;
  const client = new DroverClient({
    send: () => Promise.reject(new Error('not asked')),
    open(_name, input, onFrame) {
      const { after = 0 } = input as { after?: number };
      opened.push(after);
      let closed = false;
      queueMicrotask(() => {
        for (let seq = after + 1; seq <= total && !closed; seq += 1) {
          onFrame({ seq, item: { kind: 'lines', lines: [sampleLine({ seq })] } satisfies OutputFrame });
        }
        if (!closed) {
          onFrame({ seq: total, item: { kind: 'final', run: sampleRun() } satisfies OutputFrame });
          onFrame({ end: true });
        }
      });
      return () => {
        closed = true;
      };
    },
  });
  const view: OutputView = {
    lines(lines: readonly OutputLine[]) {
      shown.push(...lines.map(({ seq }) => seq));
      unread += lines.length;
    },
    get isFull() {
      return unread >= 5;
    },
    async drained() {
      unread = 0;
      drains += 1;
    },
    finish() {},
  };
  return { client, view, opened, shown, drains: () => drains };
}

describe('following output', () => {
  it('leaves the feed while the reader is full and takes it up behind the last line: no gap, nothing twice', async () => {
    const { client, view, opened, shown, drains } = slowReader();
    const run = await followOutput(client, { run: 12 }, { view, signal: new AbortController().signal });
    expect(run?.no).toBe(12);
    expect(shown).toEqual(Array.from({ length: total }, (_, index) => index + 1));
    expect(opened).toEqual([0, 5, 10, 15, 20]);
    expect(drains()).toBe(4);
  });

  it('ends without a run when it is aborted', async () => {
    const { client, view, shown } = slowReader();
    const abort = new AbortController();
    abort.abort();
    expect(await followOutput(client, { run: 12 }, { view, signal: abort.signal })).toBeUndefined();
    expect(shown).toEqual([]);
  });
});
