import { expect, vi } from 'vitest';
import type { InputOf } from '#contract';
import type { HostRow, OutputLine, Run } from '#contract/run';
import type { DroverSite } from '../support/drover-process.ts';

type Start = InputOf<'run.start'>;

/** Starts a shell script on this machine; gives the id of the run. */
export async function startRun({ client }: DroverSite, text: string, options: Start['options'] = {}): Promise<string> {
  return (await client.call('run.start', { targets: 'local', task: { type: 'script', text }, options })).id;
}

export async function untilPrinted({ client }: DroverSite, run: string, text: string): Promise<void> {
  const look = async (): Promise<void> => {
    const { lines } = await client.call('run.lines', { run });
    expect(lines.map((line) => line.text)).toContain(text);
  };
  await vi.waitFor(look, { timeout: 20_000, interval: 20 });
}

/** The run and its one target as they stand. */
export async function present({ client }: DroverSite, id: string): Promise<{ run: Run; host: HostRow }> {
  const { run } = await client.call('run.get', { run: id });
  const [host] = (await client.call('run.hosts', { run: id })).hosts;
  return { run, host: host ?? expect.fail(`run ${id} has no target`) };
}

/** The run and its one target when it has ended. */
export async function ended(site: DroverSite, id: string, timeout = 20_000): Promise<{ run: Run; host: HostRow }> {
  const look = async (): Promise<void> => {
    expect((await site.client.call('run.get', { run: id })).run.endedAt).not.toBe(null);
  };
  await vi.waitFor(look, { timeout, interval: 20 });
  return present(site, id);
}

/** Every stored line, in order. */
export async function linesOf({ client }: DroverSite, run: string): Promise<OutputLine[]> {
  const found: OutputLine[] = [];
  for (let more = true; more;) {
    const page = await client.call('run.lines', { run, after: found.at(-1)?.seq ?? 0, limit: 5_000 });
    found.push(...page.lines);
    more = page.more;
  }
  return found;
}
