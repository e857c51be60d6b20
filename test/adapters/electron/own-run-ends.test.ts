import { EventEmitter } from 'node:events';
import type { Notification, NotificationConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { OwnRunEnds } from '#adapters/electron/own-run-ends';
import { DroverClient } from '#contract/client';
import type { Run } from '#contract/run';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { settled } from '../../support/fakes/fake-clock.ts';
import { countsOf, lineOf, runOf } from '../../renderer/sample-runs.ts';

type Shown = NotificationConstructorOptions & { readonly click: () => void };

function rig({ inView = false }: { inView?: boolean } = {}) {
  const shown: Shown[] = [];
  const opened: string[] = [];
  const asked: unknown[] = [];
  const answers: Record<string, unknown> = {
    'run.hosts': { hosts: [{ host: 3, name: 'web4', message: 'Exit code 1' }], next: null },
    'run.lines': { lines: [lineOf(1, { text: '  ' }), lineOf(2, { text: 'no such file' })], more: false },
  };
  const ends = new OwnRunEnds({
    client: new DroverClient({
      send: async (name, input) => {
        asked.push([name, input]);
        return { ok: true, value: answers[name] };
      },
      open: () => () => undefined,
    }),
    log: new CollectingLog(),
    notify: (options) => {
      const notification = new EventEmitter();
      const show = (): void => void shown.push({ ...options, click: () => notification.emit('click') });
      return Object.assign(notification, { show }) as unknown as Notification;
    },
    inView: () => inView,
    open: (page) => opened.push(page),
  });
  return { ends, shown, opened, asked };
}

const failed: Run = runOf({ no: 9, name: 'deploy', status: 'failed', counts: countsOf({ total: 5, failed: 2 }) });
const started = { id: failed.id, no: failed.no };

describe('the end of a run that was started from the window', () => {
  it.each(['run.start', 'run.rerun'] as const)(
    'is told while nobody looks, by its first failed target: %s',
    async (name) => {
      const { ends, shown, opened, asked } = rig();
      ends.onAnswer(name, started);
      ends.onEnd(failed);
      await settled();
      expect(shown).toMatchObject([{ title: '#9 deploy failed', body: '2 of 5 targets failed\nweb4: no such file' }]);
      expect(asked[0]).toEqual(['run.hosts', { run: failed.id, status: ['failed', 'timeout'], limit: 1 }]);
      shown[0]?.click();
      expect(opened).toEqual(['/runs/9?host=3']);
    },
  );

  it('is told once, though the ended run may change later', async () => {
    const { ends, shown } = rig();
    ends.onAnswer('run.start', started);
    ends.onEnd(failed);
    ends.onEnd(failed);
    await settled();
    expect(shown).toHaveLength(1);
  });

  it('is not told to somebody who sees the pages, then or later', async () => {
    const { ends, shown } = rig({ inView: true });
    ends.onAnswer('run.start', started);
    ends.onEnd(failed);
    await settled();
    expect(shown).toEqual([]);
  });

  it('is not told of a run that the command line or anybody else has started', async () => {
    const { ends, shown } = rig();
    ends.onAnswer('run.get', { run: failed });
    ends.onAnswer('run.cancel', failed);
    ends.onEnd(failed);
    await settled();
    expect(shown).toEqual([]);
  });
});
