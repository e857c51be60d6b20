import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { stopProgram, stopReport, stopSentence } from '#adapters/ssh/remote-stop';
import { isAlive } from './ssh-bench.ts';

describe('the sentence about a stop over SSH', () => {
  it.each([
    [3, 1, [], 'TERM to 3 processes, KILL to 1; none found'],
    [1, 0, [], 'TERM to 1 process; none found'],
    [0, 2, [], 'KILL to 2 processes; none found'],
    [2, 2, [1234, 1240], 'TERM to 2 processes, KILL to 2; 2 processes still alive: 1234, 1240'],
    [0, 0, [7], '1 process still alive: 7'],
  ] as [number, number, number[], string][])('counts %i, %i and %j', (...counts) => {
    const [term, kill, left, sentence] = counts;
    expect(stopSentence({ term, kill, left })).toBe(sentence);
  });
});

describe('the report of a stop', () => {
  it('is found behind the noise of a login shell, and is none when it is not whole', () => {
    const report = { term: 2, kill: 1, session: 70, left: [71, 72] };
    expect(stopReport('hello\ntoken 1\ntoken 2 1 70  71 72\n', 'token')).toEqual(report);
    expect(stopReport('token 2 1 70 71', 'token')).toBeUndefined();
    expect(stopReport('', 'token')).toBeUndefined();
  });
});

describe('the program of a stop', () => {
  async function said(program: string): Promise<string> {
    const shell = spawn('/bin/sh', ['-c', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    shell.stdout.setEncoding('utf8').on('data', (part: string) => void (text += part));
    await once(shell, 'close');
    return text;
  }
  const order = { isShell: true, mark: `none-${process.pid}.0.`, token: 'token' };

  it('is one line', () => {
    const program = stopProgram({ ...order, level: 'rest', pid: 1, session: 1, isGone: true });
    expect(program.indexOf('\n')).toBe(program.length - 1);
  });

  it.each(['rest', 'kill'] as const)(
    'touches no stranger that has got the number of a run that is gone, %s',
    async (level) => {
      const stranger = spawn('sleep', ['300'], { stdio: 'ignore', detached: true, env: {} });
      const pid = stranger.pid ?? 0;
      try {
        const report = await said(stopProgram({ ...order, level, pid, session: pid, isGone: true }));
        expect(stopReport(report, 'token')).toMatchObject({ term: 0, kill: 0, left: [] });
        expect(isAlive(pid)).toBe(true);
      } finally {
        stranger.kill('SIGKILL');
      }
    },
  );

  it('ends what a run that is gone has left in its session, and what carries its mark', async () => {
    const text = 'sleep 300 & echo $!; exec env DROVER_RUN="$0" setsid -f sh -c "echo \\$\\$; exec sleep 300"';
    const leader = spawn('/bin/sh', ['-c', text, order.mark], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
      env: { PATH: process.env['PATH'] },
    });
    let out = '';
    leader.stdout.setEncoding('utf8').on('data', (part: string) => void (out += part));
    await once(leader, 'exit');
    await expect.poll(() => out.trim().split('\n').length).toBe(2);
    const pids = out.trim().split('\n').map(Number);
    const pid = leader.pid ?? 0;
    const report = await said(stopProgram({ ...order, level: 'rest', pid, session: pid, isGone: true }));
    expect(stopReport(report, 'token')).toMatchObject({ term: 2, kill: 0, left: [] });
    expect(pids.filter(isAlive)).toEqual([]);
  });
});
