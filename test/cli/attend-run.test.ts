import { describe, expect, it, vi } from 'vitest';
import { DroverError } from '#contract/errors';
import { runCli } from '../../src-main/cli/program.ts';
import { createFakeHost, type FakeOptions } from './fake-host.ts';
import { engineWithRun, heldOutput, sampleLine, sampleRun } from './sample-runs.ts';

/** `drover exec` of a run that goes on until the test ends it. */
function startExec(options: FakeOptions = {}, flags: readonly string[] = []) {
  const output = heldOutput();
  const engine = engineWithRun({ run: { status: 'running', phase: 'running' } });
  const fake = createFakeHost({
    ...options,
    engine: { calls: { ...engine.calls, ...options.engine?.calls }, feeds: { 'run.output': output.feed } },
  });
  const code = runCli(['exec', '-t', 'local', ...flags, '--', 'sleep 100'], fake.host);
  const stops = () => fake.asked.map(({ name }) => name).filter((name) => ['run.cancel', 'run.kill'].includes(name));
  const watching = () => vi.waitFor(() => expect(fake.asked.some(({ name }) => name === 'run.output')).toBe(true));
  const end = (status: 'success' | 'cancelled') =>
    output.push({ kind: 'final', run: sampleRun({ status, phase: status === 'success' ? 'ok' : 'by_user' }) });
  return { ...fake, output, code, stops, watching, end };
}

describe('Ctrl-C while a run is watched', () => {
  it('cancels the run, says so and waits for its end', async () => {
    const run = startExec();
    await run.watching();
    run.interrupt();
    await vi.waitFor(() => expect(run.stops()).toEqual(['run.cancel']));
    expect(run.err.text).toContain('cancelling; Ctrl-C again kills at once');
    run.output.push({ kind: 'lines', lines: [sampleLine({ text: 'cleaning up' })] });
    run.end('cancelled');
    expect(await run.code).toBe(130);
    expect(run.out.text).toBe('cleaning up\n');
    expect(run.closed()).toBe(1);
  });

  it('kills the run the second time', async () => {
    const run = startExec();
    await run.watching();
    run.interrupt();
    run.interrupt();
    await vi.waitFor(() => expect(run.stops()).toEqual(['run.cancel', 'run.kill']));
    expect(run.err.text).toContain('killing; Ctrl-C again leaves without waiting');
    run.end('cancelled');
    expect(await run.code).toBe(130);
  });

  it('leaves at once with 130 the third time, whatever the engine does', async () => {
    const run = startExec();
    await run.watching();
    run.interrupt();
    run.interrupt();
    run.interrupt();
    expect(await run.code).toBe(130);
  });

  it('cancels a run whose number is not known yet as soon as it is', async () => {
    const started = Promise.withResolvers<{ id: string; no: number }>();
    const run = startExec({ engine: { calls: { 'run.start': () => started.promise } } });
    await vi.waitFor(() => expect(run.asked).toHaveLength(1));
    run.interrupt();
    expect(run.stops()).toEqual([]);
    started.resolve({ id: sampleRun().id, no: 12 });
    await vi.waitFor(() => expect(run.stops()).toEqual(['run.cancel']));
    run.end('cancelled');
    expect(await run.code).toBe(130);
  });

  it('takes it for no error that the run was quicker', async () => {
    const run = startExec({
      engine: {
        calls: {
          'run.cancel': () => {
            throw new DroverError('run-is-final', 'It has ended');
          },
        },
      },
    });
    await run.watching();
    run.interrupt();
    await vi.waitFor(() => expect(run.stops()).toEqual(['run.cancel']));
    run.end('success');
    expect(await run.code).toBe(0);
    expect(run.err.text).not.toContain('It has ended');
  });

  it('says in JSON that it cancels when JSON was asked for', async () => {
    const run = startExec({}, ['--json']);
    await run.watching();
    run.interrupt();
    run.end('cancelled');
    await run.code;
    expect(JSON.parse(run.err.text.trim())).toEqual({ notice: { message: 'cancelling; Ctrl-C again kills at once' } });
  });

  it('leaves with 130 while the engine is still being looked for', async () => {
    const fake = createFakeHost();
    const host = { ...fake.host, connect: () => new Promise<never>(() => {}) };
    const code = runCli(['exec', '-t', 'local', '--', 'x'], host);
    await new Promise(setImmediate);
    fake.interrupt();
    expect(await code).toBe(130);
  });
});

describe('an engine in this process that works for others too', () => {
  function startClosing() {
    const closing = Promise.withResolvers<void>();
    const fake = createFakeHost({ engine: engineWithRun(), local: true, close: () => closing.promise });
    const code = runCli(['exec', '-t', 'local', '--', 'x'], fake.host);
    const waiting = () => vi.waitFor(() => expect(fake.closed()).toBe(1));
    return { ...fake, closing, code, waiting };
  }

  it('is waited for, and after a second the user is told why', async () => {
    const run = startClosing();
    await run.waiting();
    expect(run.err.text).toBe('');
    run.ringTimers();
    expect(run.err.text).toContain('this process is still ending connections, or works on runs of others');
    run.closing.resolve();
    expect(await run.code).toBe(0);
  });

  it('is not left by a first Ctrl-C, which may have been meant for the run', async () => {
    const run = startClosing();
    await run.waiting();
    run.interrupt();
    expect(run.err.text).toContain('Ctrl-C leaves at once');
    run.interrupt();
    expect(await run.code).toBe(0);
  });
});

describe('a reader that goes away', () => {
  it('neither cancels the run nor ends the watching, and the exit code is that of the run', async () => {
    const run = startExec();
    await run.watching();
    run.output.push({ kind: 'lines', lines: [sampleLine({ text: 'first' })] });
    await vi.waitFor(() => expect(run.out.text).toBe('first\n'));
    run.out.breakWith('EPIPE');
    run.output.push({ kind: 'lines', lines: [sampleLine({ seq: 2, text: 'second' })] });
    await vi.waitFor(() => expect(run.err.text).toContain('nobody reads the output any more; run #12 goes on'));
    run.output.push({ kind: 'lines', lines: [sampleLine({ seq: 3, text: 'third' })] });
    expect(run.stops()).toEqual([]);
    run.interrupt();
    await vi.waitFor(() => expect(run.stops()).toEqual(['run.cancel']));
    run.end('cancelled');
    expect(await run.code).toBe(130);
    expect(run.out.text).toBe('first\n');
  });

  it('is told apart from output that cannot be written', async () => {
    const run = startExec();
    await run.watching();
    run.out.breakWith('ENOSPC');
    run.output.push({ kind: 'lines', lines: [sampleLine()] });
    run.end('success');
    expect(await run.code).toBe(3);
    expect(run.err.text).toContain('The output could not be written: write ENOSPC');
  });

  it('does not matter on standard error either', async () => {
    const run = startExec();
    await run.watching();
    run.err.breakWith('EPIPE');
    run.output.push({ kind: 'lines', lines: [sampleLine({ stream: 'err' })] });
    run.end('success');
    expect(await run.code).toBe(0);
  });
});
