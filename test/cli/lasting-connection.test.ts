import { describe, expect, it } from 'vitest';
import type { CallName, Reply, Wire } from '#contract';
import { DroverClient } from '#contract/client';
import { DroverError, type ErrorCode } from '#contract/errors';
import type { Connection } from '../../src-main/cli/host.ts';
import { lastingConnection } from '../../src-main/cli/lasting-connection.ts';

type Failure = { readonly code: ErrorCode; readonly reason?: string };
const refused: Failure = { code: 'engine-unreachable', reason: 'ECONNREFUSED' };

/** Engines that are reached one after the other, each with what it answers in turn: a failure or yes. */
function engines(scripts: readonly (readonly (Failure | 'yes')[])[], { local = false } = {}) {
  const asked: string[] = [];
  let reached = 0;
  let closed = 0;
  const connect = async (): Promise<Connection> => {
    const engine = reached;
    const answers = [...(scripts[engine] ?? [])];
    reached += 1;
    const wire: Wire = {
      async send(name): Promise<Reply> {
        asked.push(`${engine}:${name}`);
        const answer = answers.shift() ?? 'yes';
        if (answer === 'yes') {
          return { ok: true, value: { from: engine } };
        }
        const { code, reason } = answer;
        return { ok: false, error: new DroverError(code, 'No', reason ? { detail: { reason } } : {}).toWire() };
      },
      open: () => () => undefined,
    };
    return {
      client: new DroverClient(wire),
      local,
      download: async () => {
        throw new DroverError('not-found', 'No');
      },
      async close() {
        closed += 1;
      },
    };
  };
  const call = (connection: Connection, name: CallName) => connection.client.call(name, {} as never);
  return { connect, call, asked, closed: () => closed, reached: () => reached };
}

describe('a call to an engine that has just left', () => {
  it.each<[string, Failure]>([
    ['nobody listens', refused],
    ['its socket is gone', { code: 'engine-unreachable', reason: 'ENOENT' }],
    ['it takes nothing more', { code: 'engine-stopping' }],
  ])('is made again to the next one when %s', async (_, failure) => {
    const scene = engines([[failure]]);
    const connection = await lastingConnection(scene.connect);
    expect(await scene.call(connection, 'run.start')).toEqual({ from: 1 });
    expect(scene.asked).toEqual(['0:run.start', '1:run.start']);
    expect(scene.closed()).toBe(1);
  });

  it('is made four times at most', async () => {
    const scene = engines([[refused], [refused], [refused], [refused], [refused]]);
    const connection = await lastingConnection(scene.connect);
    await expect(scene.call(connection, 'run.start')).rejects.toMatchObject({ code: 'engine-unreachable' });
    expect(scene.asked).toHaveLength(4);
  });

  it.each<[string, Failure]>([
    ['the connection broke while it waited for the answer', { code: 'engine-unreachable', reason: 'ECONNRESET' }],
    ['nobody knows why', { code: 'engine-unreachable' }],
    ['it was refused', { code: 'queue-full' }],
  ])('is not made again when %s: it may have been done', async (_, failure) => {
    const scene = engines([[failure]]);
    const connection = await lastingConnection(scene.connect);
    await expect(scene.call(connection, 'run.start')).rejects.toMatchObject({ code: failure.code });
    expect(scene.asked).toEqual(['0:run.start']);
  });

  it('is not made again once a run was started, which a second engine would count as lost', async () => {
    const scene = engines([['yes', refused]]);
    const connection = await lastingConnection(scene.connect);
    await scene.call(connection, 'run.start');
    await expect(scene.call(connection, 'run.hosts')).rejects.toMatchObject({ code: 'engine-unreachable' });
    expect(scene.reached()).toBe(1);
  });

  it('is made again after calls that started nothing', async () => {
    const scene = engines([['yes', refused]]);
    const connection = await lastingConnection(scene.connect);
    await scene.call(connection, 'target.list');
    expect(await scene.call(connection, 'target.remove')).toEqual({ from: 1 });
  });

  it('is not made again when the engine is in this process', async () => {
    const scene = engines([[{ code: 'engine-stopping' }]], { local: true });
    const connection = await lastingConnection(scene.connect);
    await expect(scene.call(connection, 'run.start')).rejects.toMatchObject({ code: 'engine-stopping' });
    expect(scene.reached()).toBe(1);
  });
});
