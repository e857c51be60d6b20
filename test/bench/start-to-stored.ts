import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { DroverClient } from '#contract/client';
import { BenchEngine, untilFinal } from './bench-engine.ts';
import { type Figure, figureOf } from './figure.ts';
import { machinePace } from './machine-pace.ts';
import { cpuMs } from './process-facts.ts';

const barMs = 25;
const runsPerRound = 10;
const warmUps = 5;

/** From sending `run.start` of `true` to the stored result, seen by a client of the control socket; against Node's spawn. */
export async function startToStored(rounds: number): Promise<Figure[]> {
  await using engine = await BenchEngine.start();
  const { client } = engine;
  for (let warmUp = 0; warmUp < warmUps; warmUp += 1) {
    await runTrue(client);
    await spawnTrue();
  }
  const [values, peers]: [number[], number[]] = [[], []];
  const cpuBefore = cpuMs(engine.pid);
  const runs = rounds * runsPerRound;
  for (let run = 0; run < runs; run += 1) {
    values.push(await runTrue(client));
    peers.push(await spawnTrue());
  }
  const cpu = (cpuMs(engine.pid) - cpuBefore) / runs;
  const peer = { name: 'spawn of sh -c true', values: peers };
  return [
    figureOf({
      name: 'run.start → stored result',
      unit: 'ms',
      values,
      bar: barMs,
      pace: machinePace(),
      cpuMs: cpu,
      peer,
    }),
  ];
}

async function runTrue(client: DroverClient): Promise<number> {
  const began = performance.now();
  const { id } = await client.call('run.start', { task: { type: 'script', text: 'true' }, targets: 'local' });
  await untilFinal(client, id);
  return performance.now() - began;
}

async function spawnTrue(): Promise<number> {
  const began = performance.now();
  await once(spawn('sh', ['-c', 'true'], { stdio: ['ignore', 'pipe', 'pipe'] }), 'close');
  return performance.now() - began;
}
