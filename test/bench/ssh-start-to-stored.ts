import { BenchEngine } from './bench-engine.ts';
import { type Figure, figureOf } from './figure.ts';
import { machinePace } from './machine-pace.ts';
import { cpuMs } from './process-facts.ts';
import { SshFleet } from './ssh-fleet.ts';
import { runToSuccess } from './ssh-run.ts';

const barMs = 25;
const runsPerRound = 10;
const warmUps = 5;

/** From sending `run.start` of `true` on one host to the stored result, over a connection that is up already. */
export async function sshStartToStored(rounds: number): Promise<Figure[]> {
  await using fleet = await SshFleet.start(1);
  await using engine = await BenchEngine.start();
  const { client } = engine;
  const runTrue = (): Promise<number> => runToSuccess(client, fleet, 'true');
  for (let warmUp = 0; warmUp < warmUps; warmUp += 1) {
    await runTrue();
  }
  const values: number[] = [];
  const cpuBefore = cpuMs(engine.pid);
  const runs = rounds * runsPerRound;
  for (let run = 0; run < runs; run += 1) {
    values.push(await runTrue());
  }
  const cpu = (cpuMs(engine.pid) - cpuBefore) / runs;
  return [
    figureOf({
      name: 'ssh: run.start → stored result',
      unit: 'ms',
      values,
      bar: barMs,
      pace: machinePace(),
      cpuMs: cpu,
    }),
  ];
}
