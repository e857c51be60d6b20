import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '#adapters/clock/system-clock';
import { DroverClient } from '#contract/client';
import { composeEngine, type Engine } from '../../src-main/compose.ts';
import { createEngineLog } from '../../src-main/compose-operating.ts';
import { loadConfig } from '../../src-main/config.ts';
import { transports } from './connections.ts';
import type { Served } from './serve-http.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const dataDir = mkdtempSync(join(tmpdir(), 'drover-engine-'));
const configOf = (data: string): ReturnType<typeof loadConfig> =>
  loadConfig({
    env: {},
    platform: process.platform,
    homedir: data,
    hostname: hostname(),
    cwd: data,
    readFile: () => undefined,
    flags: { data },
  });
let engine: Engine;
beforeAll(() => {
  engine = composeEngine(configOf(dataDir), { version: '0.0.0', log: quiet });
});
afterAll(async () => {
  await engine.runs.idle();
  await engine.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it.skipIf(process.platform === 'win32')('an engine writes nothing into a folder that others may write to', () => {
  const open = mkdtempSync(join(tmpdir(), 'drover-engine-'));
  onTestFinished(() => rmSync(open, { recursive: true }));
  chmodSync(open, 0o777);
  const config = configOf(open);
  expect(() => createEngineLog(config)).toThrow(/chmod go-w/);
  expect(() => composeEngine(config, { version: '0.0.0', log: quiet })).toThrow(/chmod go-w/);
  expect(readdirSync(open)).toEqual([]);
});

describe.each(transports)('a run over %s', (_name, connect) => {
  let connection: Awaited<ReturnType<typeof connect>>;
  let client: DroverClient;
  beforeAll(async () => {
    const { dispatcher, sessions, log, owner } = engine;
    const served: Served = {
      dispatcher,
      sessions,
      log,
      clock: systemClock,
      owner: (transport) => ({ ...owner, origin: { transport, address: '' } }),
    };
    connection = await connect(served);
    client = new DroverClient(connection.wire);
  });
  afterAll(() => connection.close());

  const follow = async (run: string, after: number): Promise<{ seqs: number[]; lines: string[]; status: string }> => {
    const seen = { seqs: [] as number[], lines: [] as string[], status: '' };
    await client.follow(
      'run.output',
      { run, after },
      {
        onItem(item) {
          if (item.kind === 'final') {
            seen.status = item.run.status;
            return;
          }
          seen.seqs.push(...item.lines.map((line) => line.seq));
          seen.lines.push(...item.lines.map((line) => line.text));
        },
      },
    );
    return seen;
  };

  it('is followed live from its first line to its end, then again from the middle', async () => {
    const text = 'for i in $(seq 1 1200); do echo "line $i"; done; exit 3';
    const { id } = await client.call('run.start', { task: { type: 'script', text }, targets: 'local' });
    const live = await follow(id, 0);
    expect(live.seqs).toEqual(Array.from({ length: 1_200 }, (_, index) => index + 1));
    expect(live.lines.at(-1)).toBe('line 1200');
    expect(live.status).toBe('failed');
    expect((await follow(id, 1_190)).lines).toEqual(live.lines.slice(1_190));
    expect((await client.call('run.get', { run: id })).run.counts).toMatchObject({ total: 1, failed: 1 });
  });
});
