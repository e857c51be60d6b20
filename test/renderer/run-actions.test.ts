import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { runStatuses, StartRun } from '#contract/run';
import { commandLineOf, remedyOf, startCurlOf } from '../../src-renderer/features/run/copy-as.ts';
import { shellWord } from '../../src-renderer/ui/shell-word.ts';
import { allows, mayHalt, rerunOffers } from '../../src-renderer/features/run/run-actions.ts';
import { shownStatus } from '../../src-renderer/features/run/shown-status.ts';
import { stopWords } from '../../src-renderer/features/run/stop-words.ts';
import { countsOf, detailOf, runOf, sampleNow } from './sample-runs.ts';

const at = (dataFolder: string, where = { targets: 'local', addresses: '' }) => ({ dataFolder, where });

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

  it('begin nothing more only while something waits that works beside others', () => {
    const counts = countsOf({ total: 4, running: 1, pending: 3 });
    expect(mayHalt(runOf({ counts }))).toBe(true);
    expect(mayHalt(runOf({ counts, phase: 'finishing' }))).toBe(false);
    expect(mayHalt(runOf({ counts: countsOf({ total: 4, running: 4 }) }))).toBe(false);
    expect(runStatuses.filter((status) => mayHalt(runOf({ status, counts })))).toEqual(['running']);
  });

  it('run again all or a part, where there is one and it is no other part by another name', () => {
    expect(
      rerunOffers(runOf({ counts: countsOf({ total: 5, success: 1, failed: 1, timeout: 1, skipped: 2 }) })),
    ).toEqual([
      { hosts: 'all', count: 5 },
      { hosts: 'failed', count: 2 },
      { hosts: 'timeout', count: 1 },
      { hosts: 'not-started', count: 2 },
    ]);
    expect(rerunOffers(runOf({ counts: countsOf({ total: 9, failed: 4, unreachable: 3 }) }))).toContainEqual({
      hosts: 'unreachable',
      count: 3,
    });
    expect(rerunOffers(runOf({ counts: countsOf({ total: 9, failed: 4, unreachable: 4 }) }))).toEqual([
      { hosts: 'all', count: 9 },
      { hosts: 'failed', count: 4 },
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
    expect(commandLineOf(detailOf({}), at('/var/lib/drover'))).toBe(
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
      at('/my data'),
    );
    const options = ['--name', 'my run', '--language', 'python', '--param', "host=o'neil", '--no-parameters'];
    options.push('--env', 'A=1 2', '--timeout', '30', '--batch', '1,50%', '--stop-after', '10%');
    expect(words(line)).toEqual(['drover', 'exec', '--data', '/my data', '-t', 'local', ...options, '--', nasty]);
  });

  it('hands arguments to a script in a file', () => {
    const line = commandLineOf(detailOf({ task: { text: 'echo "$1"', args: ['a b'], stdin: 'x' } }), at('/data'));
    expect(line).toBe(
      `drover exec --data /data -t local --stdin <(printf %s x) --language shell --script <(printf %s 'echo "$1"') -- 'a b'`,
    );
  });

  it('writes a request that the engine accepts', () => {
    const curl = words(startCurlOf(detailOf({ task: { text: nasty } }), at('/var/lib/drover data')));
    expect(curl).toContain('/var/lib/drover data/control.sock');
    const body = curl[curl.indexOf('-d') + 1] ?? '';
    expect(StartRun.parse(JSON.parse(body)).task.text).toBe(nasty);
  });

  it('hands a selector over as one word, whatever stands in it', () => {
    const targets = `"db server's",web* tag:a,b !tag:canary /^w\\d$/`;
    const line = words(commandLineOf(detailOf({}), at('/data', { targets, addresses: '' })));
    expect(line).toEqual(['drover', 'exec', '--data', '/data', '-t', targets, '--', 'uptime']);
  });

  it('names machines by address as they were named', () => {
    const where = { targets: '', addresses: 'ada@[fd00::1]:2222, web[01-20]' };
    const line = words(commandLineOf(detailOf({}), at('/data', where)));
    expect(line).toEqual(['drover', 'exec', '--data', '/data', '-w', where.addresses, '--', 'uptime']);
    const curl = words(startCurlOf(detailOf({}), at('/data', where)));
    expect(StartRun.parse(JSON.parse(curl[curl.indexOf('-d') + 1] ?? ''))).toMatchObject(where);
  });

  it('puts a list that is too long for a command line into a file', () => {
    const addresses = Array.from({ length: 20_000 }, (_, no) => `10.1.${no >> 8}.${no & 255}`).join(', ');
    const line = commandLineOf(detailOf({}), at('/data', { targets: 'web1', addresses }));
    expect(line.startsWith("drover exec --data /data -t web1 --hosts <(printf %s '10.1.0.0, 10.1.0.1")).toBe(true);
  });
});

describe('the words of a run', () => {
  it('give the command that trusts a host key, for this very engine', () => {
    const message = 'It showed ssh-ed25519 SHA256:x. Compare it, then accept it with "drover hostkey accept web1".';
    expect(remedyOf(message, '/my data')).toBe("drover hostkey accept web1 --data '/my data'");
    expect(remedyOf('The host key of web1 is marked @revoked in known_hosts', '/data')).toBeNull();
  });

  it('say that a working target is being cancelled while its run is', () => {
    expect(shownStatus('running', { status: 'cancelling' })).toBe('cancelling');
    expect(shownStatus('running', { status: 'running' })).toBe('running');
    expect(shownStatus('success', { status: 'cancelling' })).toBe('success');
  });

  it.each([
    [[null], 900, 'cancelledBy'],
    [['TERM to 2 processes; none found', null], 900, 'cancelledBy'],
    [['TERM to 2 processes, KILL to 2; none found'], 900, 'killedBy'],
    [['KILL to 2 processes; none found', null], 900, 'killedBy'],
    [['TERM to 2 processes, KILL to 1; none found'], 2_000, 'cancelledKilled'],
    [['TERM to 1 process, KILL to 1; none found'], 10_400, 'cancelledKilled'],
  ] as const)(
    'tell a kill from a cancel by what the processes were told and when: %j after %d ms',
    (stopped, ms, words) => {
      const cancel = { by: 'ada', at: sampleNow, forced: false, level: 'all' } as const;
      const run = { cancel, endedAt: sampleNow + ms };
      expect(
        stopWords(
          run,
          stopped.map((text) => ({ stopped: text })),
        ),
      ).toBe(words);
    },
  );
});
