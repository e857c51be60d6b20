import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import { runCli } from '../../src-main/cli/program.ts';
import { createFakeHost } from './fake-host.ts';

async function said(...argv: string[]) {
  const fake = createFakeHost();
  const code = await runCli(argv, fake.host);
  return { code, out: fake.out.text, err: fake.err.text };
}

const groups = {
  targets: ['ls', 'add', 'set', 'import', 'test', 'rm'],
  credential: ['ls', 'add', 'public-key', 'install', 'rm'],
  hostkey: ['ls', 'accept', 'rm'],
};
const single = ['exec', 'runs', 'show', 'output', 'cancel', 'rerun', 'unlock', 'serve', 'link', 'version'];
const commands = [...single, ...Object.keys(groups)];
const paths = [
  ...commands,
  ...Object.entries(groups).flatMap(([group, names]) => names.map((name) => `${group} ${name}`)),
];

describe('help', () => {
  it.each([[[]], [['--help']], [['-h']], [['help']]])(
    'of the program is printed for %j with exit code 0',
    async (argv) => {
      const { code, out, err } = await said(...argv);
      expect(code).toBe(0);
      expect(err).toBe('');
      for (const command of commands) {
        expect(out).toMatch(new RegExp(`^  ${command} +[a-z]`, 'm'));
      }
      expect(out).toContain("drover exec -t local -- 'df -h | sort'");
    },
  );

  it.each(paths)('of %s has an example', async (path) => {
    const words = path.split(' ');
    const { code, out } = await said(...words, '--help');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`Examples?:\n(.*\n)?  .*drover ${path}`));
    expect(out).toBe((await said('help', ...words)).out);
  });

  it.each(paths)('of %s calls the streams stdout, stderr and stdin', async (path) => {
    expect((await said(...path.split(' '), '--help')).out).not.toMatch(/standard (in|out|err)/i);
  });

  it.each([
    ['exec', 'One word behind -- is shell text.'],
    ['exec', 'Ctrl-C cancels the run, a second one kills it at once'],
    ['exec', 'If whoever reads the output goes away (| head), the run is neither cancelled nor left alone'],
    ['exec', 'Exit codes: 0 ok, 1 some failed, 2 usage or unknown or empty selector, 3 refused or engine unreachable'],
    ['exec', 'No value is ever read from a file by writing @FILE.'],
    ['exec', '--sudo[=user]'],
    ['output', 'The exit code says whether the output could be read'],
    ['cancel', 'refused with exit code 3'],
    ['serve', 'beyond it a certificate or --behind-proxy is required'],
    ['link', 'Needs a running drover serve.'],
  ])('of %s says: %s', async (command, sentence) => {
    // Where a line is broken depends on the words before it.
    expect((await said(command, '--help')).out.replaceAll(/\s+/g, ' ')).toContain(sentence);
  });
});

describe('what is no command', () => {
  it('is answered with the nearest name and exit code 2', async () => {
    const { code, out, err } = await said('exce', '-t', 'local', '--', 'x');
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toBe(
      "drover: unknown command 'exce'; did you mean exec? [bad-input]\n  drover --help says what is possible.\n",
    );
  });

  it('has no help either', async () => {
    const { code, err } = await said('help', 'exce');
    expect(code).toBe(2);
    expect(err).toContain("unknown command 'exce'");
  });

  it.each([
    [['runs', '--stauts', 'failed'], "unknown option '--stauts'; did you mean --status?"],
    [['show'], "missing required argument 'run'"],
    [['show', '1', '2'], 'too many arguments'],
    [['runs', '--limit'], 'argument missing'],
    [['runs', '--limit', '0'], 'It must be a whole number above 0.'],
    [['runs', '--since', 'yesterday'], 'It must be such as 30m'],
    [['runs', '--status', 'broken'], 'Allowed are pending'],
    [['targets'], 'Say what: drover targets ls, add, set, import, test, rm.'],
    [['targets', 'lst'], "unknown command 'lst'; did you mean ls?"],
    [['targets', 'add', 'web1'], 'drover targets add --help says what is possible.'],
    [['help', 'targets', 'lst'], "unknown command 'lst' [bad-input]\n  Known are ls, add, set"],
    [['output', '1', '--stream', 'both'], 'It must be stdout or stderr.'],
  ])('%j exits 2', async (argv, message) => {
    const { code, err } = await said(...argv);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});

describe('errors', () => {
  it('that are expected are a sentence, a code and a remedy, and never a stack', async () => {
    const fake = createFakeHost({
      unreachable: new DroverError('engine-unreachable', 'Nobody\u001b[2J answers', { cause: new Error('inner') }),
    });
    expect(await runCli(['runs'], fake.host)).toBe(3);
    expect(fake.err.text).toBe(
      'drover: Nobody answers [engine-unreachable]\n  Try again: where no engine runs, the command runs one itself.\n',
    );
  });

  it('that are bugs show where they are', async () => {
    const fake = createFakeHost({ unreachable: new TypeError('x is undefined') });
    expect(await runCli(['runs'], fake.host)).toBe(3);
    expect(fake.err.text).toContain('TypeError: x is undefined');
    expect(fake.err.text).toContain('    at ');
  });

  it('while leaving the engine are errors of the command', async () => {
    const fake = createFakeHost({
      engine: { calls: { 'run.list': () => ({ runs: [], next: null }) } },
      close: async () => {
        throw new DroverError('no-space', 'The disk is full');
      },
    });
    expect(await runCli(['runs'], fake.host)).toBe(3);
    expect(fake.err.text).toContain('The disk is full');
  });
});
