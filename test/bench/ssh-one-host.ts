import { BenchEngine } from './bench-engine.ts';
import { type Figure, figureOf } from './figure.ts';
import { SshFleet } from './ssh-fleet.ts';
import { runToSuccess } from './ssh-run.ts';

const runs = 128;

/** 128 runs at once on one host whose sshd has OpenSSH's own limits, from an engine without a connection: none may fail. */
export async function sshOneHost(rounds: number): Promise<Figure[]> {
  const values: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await using fleet = await SshFleet.start(1, {});
    await using engine = await BenchEngine.start();
    const began = performance.now();
    const ended = await Promise.allSettled(
      Array.from({ length: runs }, () => runToSuccess(engine.client, fleet, 'sleep 0.2')),
    );
    const failures = ended.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []));
    if (failures.length > 0) {
      throw new Error(`${failures.length} of ${runs} runs on one host failed, the first of them: ${failures[0]}`);
    }
    values.push(performance.now() - began);
  }
  return [figureOf({ name: `${runs} runs at once on one host, no failure`, unit: 'ms', values })];
}
