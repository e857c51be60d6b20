import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { runStatuses, StartRun } from '#contract/run';
import { commandLineOf, curlOf, shellWord } from '../../src-renderer/features/run/copy-as.ts';
import { allows, rerunOffers } from '../../src-renderer/features/run/run-actions.ts';
import { countsOf, detailOf, runOf } from './sample-runs.ts';

const offered = (action: Parameters<typeof allows>[1]) => runStatuses.filter((status) => allows({ status }, action));

/** The words a shell makes of a line. */
const words = (line: string): string[] =>
  execFileSync('bash', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

describe('the actions of a run', () => {
  it('are offered exactly where the engine would not refuse them', () => {
    expect(offered('cancel')).toEqual(['pending', 'running']);
    expect(offered('kill')).toEqual(['running', 'cancelling']);
    expect(offered('rerun')).toEqual(['success', 'failed', 'timeout', 'cancelled']);
  });

  it('run again all, the failed ones and those not started, where there are any', () => {
    expect(
      rerunOffers(runOf({ counts: countsOf({ total: 5, success: 1, failed: 1, timeout: 1, skipped: 2 }) })),
    ).toEqual([
      { hosts: 'all', count: 5 },
      { hosts: 'failed', count: 2 },
      { hosts: 'not-started', count: 2 },
    ]);
    expect(rerunOffers(runOf({ counts: countsOf({ failed: 1 }) }))).toEqual([{ hosts: 'all', count: 1 }]);
  });
});

describe('copying a run', () => {
  const nasty = `it's "$HOME" \`id\`\n{{ host }} \\ !`;

  it.each(['plain', '', "it's", nasty, '-n', '*'])('quotes %j for a shell', (text) => {
    expect(words(shellWord(text))).toEqual([text]);
  });

  it('writes a command line without what is the default', () => {
    expect(commandLineOf(detailOf({}), '/var/lib/drover')).toBe(
      'drover exec --data /var/lib/drover -t local -- uptime',
    );
  });

  it('writes everything that was set, each word whole', () => {
    const line = commandLineOf(
      detailOf({
        run: { name: 'my run' },
        task: {
          language: 'python',
          text: nasty,
          parameters: { host: "o'neil" },
          environment: { A: '1 2' },
          noParameters: true,
        },
        options: { timeoutS: 30, batches: ['1', '50%'], stopAfter: '10%' },
      }),
      '/my data',
    );
    const options = ['--name', 'my run', '--language', 'python', '--param', "host=o'neil", '--no-parameters'];
    options.push('--env', 'A=1 2', '--timeout', '30', '--batch', '1,50%', '--stop-after', '10%');
    expect(words(line)).toEqual(['drover', 'exec', '--data', '/my data', '-t', 'local', ...options, '--', nasty]);
  });

  it('hands arguments to a script in a file', () => {
    const line = commandLineOf(detailOf({ task: { text: 'echo "$1"', args: ['a b'], stdin: 'x' } }), '/data');
    expect(line).toBe(
      `drover exec --data /data -t local --stdin <(printf %s x) --language shell --script <(printf %s 'echo "$1"') -- 'a b'`,
    );
  });

  it('writes a request that the engine accepts', () => {
    const curl = words(curlOf(detailOf({ task: { text: nasty } }), '/var/lib/drover data'));
    expect(curl).toContain('/var/lib/drover data/control.sock');
    const body = curl[curl.indexOf('-d') + 1] ?? '';
    expect(StartRun.parse(JSON.parse(body)).task.text).toBe(nasty);
  });
});
