import type { InputOf } from '#contract';
import type { DroverClient } from '#contract/client';
import { untilFinal } from './bench-engine.ts';
import type { SshFleet } from './ssh-fleet.ts';

/** What `run.start` is given to run a script on all hosts of a fleet. */
export const runOf = (
  fleet: SshFleet,
  task: Pick<InputOf<'run.start'>['task'], 'text' | 'language'>,
): InputOf<'run.start'> => ({
  task: { type: 'script', ...task },
  targets: '',
  addresses: fleet.hosts.join(','),
  login: fleet.login,
});

/**
 * Runs a shell text on all hosts of a fleet.
 *
 * @returns milliseconds from sending `run.start` to the end of its output, which is sent when the result is stored
 * @throws Error when any host has failed
 */
export async function runToSuccess(client: DroverClient, fleet: SshFleet, text: string): Promise<number> {
  const began = performance.now();
  const { id } = await client.call('run.start', runOf(fleet, { text }));
  await untilFinal(client, id);
  const ms = performance.now() - began;
  await needSuccess(client, id);
  return ms;
}

/** Throws Error with what the first failed host has to say. */
export async function needSuccess(client: DroverClient, id: string): Promise<void> {
  const { run } = await client.call('run.get', { run: id });
  if (run.status !== 'success') {
    const { hosts } = await client.call('run.hosts', { run: id, status: ['failed', 'timeout', 'cancelled'] });
    const [first] = hosts;
    const said = first ? `${first.name}: ${first.reason} ${first.message}` : run.reason;
    throw new Error(`the run ended ${run.status} with ${hosts.length} failed hosts, the first of them ${said}`);
  }
}
