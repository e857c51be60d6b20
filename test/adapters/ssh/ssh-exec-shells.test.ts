import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needService } from '../../support/services.ts';
import type { AccountName } from '../../support/ssh-accounts.ts';
import { asText, ended, shellPlan, SshBench, Stopping, pidsOf } from './ssh-bench.ts';

const shells: readonly (readonly [string, AccountName])[] = [
  ['dash', 'drover-test'],
  ['bash', 'drover-bash'],
  ['zsh', 'drover-zsh'],
  ['fish', 'drover-fish'],
  ['csh', 'drover-csh'],
];

describe.skipIf(needService('ssh-accounts').skip)('a login shell', () => {
  let bench: SshBench;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'drover-banner-'));
    writeFileSync(join(folder, 'banner'), 'Authorised use only\n'.repeat(50));
    // Without SHLVL bash reads ~/.bashrc, which makes a noise here.
    bench = await SshBench.start({
      setEnv: { LANG: 'C.UTF-8' },
      config: [`Banner ${join(folder, 'banner')}`, 'PrintMotd yes'],
    });
  });
  afterAll(async () => {
    await bench.stop();
    rmSync(folder, { recursive: true });
  });

  it.each(shells)('%s adds nothing to a script and takes nothing away, twice over one connection', async (...of) => {
    const [shell, account] = of;
    const text = [
      'n=0; for word in "a b" c; do n=$((n+1)); done',
      `echo "$n \${SHELL##*/} ! $VALUE"; printf 'no end \\\\ %s' "$(cat)" >&2; exit 3`,
    ].join('\n');
    for (const long of ['', `\n: ${'x'.repeat(9_000)}`, '']) {
      const environment = { VALUE: `it's "x" \\ !! $HOME \`id\` %d\nä` };
      const choice = { plan: shellPlan(`${text}${long}`), account, environment, stdin: 'in\n' };
      const { out, err, result } = await bench.run(choice);
      expect({ out: asText(out), err, result }).toEqual({
        out: `2 ${shell} ! ${environment.VALUE}\n`,
        err: String.raw`no end \ in`,
        result: ended(3),
      });
    }
  });

  it.each(shells)('%s does not keep a script from being stopped', async (_shell, account) => {
    const stop = new Stopping();
    const going = bench.start({ plan: shellPlan('setsid sleep 300 & echo $!; wait'), account, stop });
    await pidsOf(going, 1);
    stop.askTerm();
    expect(await going.result).toEqual({ ...ended(143), stopped: 'TERM to 2 processes; none found' });
  });

  it.each(shells)('%s takes 300 strings of any bytes as answers and values to the byte', async (_shell, account) => {
    const environment: Record<string, string> = {};
    const random = mulberry(shells.findIndex(([, name]) => name === account) + 1);
    const strings = Array.from({ length: 100 }, () => randomText(random));
    strings.forEach((value, index) => (environment[`V${index}`] = value));
    const stdin = Buffer.from(Array.from({ length: 20_000 }, () => Math.floor(random() * 256)));
    const names = strings.map((_, index) => `"$V${index}"`).join(' ');
    const plan = shellPlan(`printf '%s\\0' ${names}; cat; printf '%s\\0' ${strings.map(inShell).join(' ')} >&2`);
    const { out, err, result } = await bench.run({ plan, account, environment, stdin });
    expect(result).toEqual(ended(0));
    const values = asText(out).split('\0').slice(0, strings.length);
    expect(values).toEqual(strings);
    const answers = Buffer.from(out, 'latin1').subarray(Buffer.byteLength(`${strings.join('\0')}\0`));
    expect(answers.equals(stdin)).toBe(true);
    expect(asText(err).split('\0').slice(0, -1)).toEqual(strings);
  });
});

describe.skipIf(needService('ssh-accounts').skip)('an account without a login shell', () => {
  it('is told of in the words that it has, or in ours', async () => {
    const command = 'case $LOGNAME in drover-test) exec /usr/sbin/nologin;; esac; exec /bin/false';
    await using bench = await SshBench.start({ config: [`ForceCommand ${command}`] });
    const messages = new Map<string, unknown>();
    for (const account of ['drover-test', 'drover-sudo'] as const) {
      messages.set(account, (await bench.run({ plan: shellPlan('echo never'), account })).result);
    }
    const failed = { kind: 'failed', reason: 'no-interpreter', stopped: null };
    expect(Object.fromEntries(messages)).toEqual({
      'drover-test': {
        ...failed,
        message: 'The login shell did not start the script: This account is currently not available.',
      },
      'drover-sudo': { ...failed, message: 'The login shell did not start the script' },
    });
  });
});

/** A repeatable source of numbers from 0 to 1. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Up to 60 characters of which most mean something to some shell, and none is NUL. */
function randomText(random: () => number): string {
  const special = '\'"\\`$!%&|;<>()[]{}*?~#^=@-+,.: \t\n\r\u001b\u007f\u0001äß€😀\ufeff\u0085\u2028';
  const characters = Array.from(special);
  const one = (): string =>
    random() < 0.7
      ? (characters[Math.floor(random() * characters.length)] ?? '')
      : String.fromCodePoint(1 + Math.floor(random() * 0x2_00));
  return Array.from({ length: Math.floor(random() * 60) }, one).join('');
}

const inShell = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;
