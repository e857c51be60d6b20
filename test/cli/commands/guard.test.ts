import { expect, it } from 'vitest';
import { runCli } from '../../../src-main/cli/program.ts';
import { createFakeHost } from '../fake-host.ts';

async function run(
  args: readonly string[],
  stdin = '',
): Promise<{ code: number; out: string; err: string; connects: number }> {
  const fake = createFakeHost({ stdin });
  const code = await runCli(['guard', ...args], fake.host);
  return { code, out: fake.out.text, err: fake.err.text, connects: fake.connects.length };
}

const objects = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

it('says what is forbidden, by which rule and where, and ends with 4', async () => {
  const { code, out, connects } = await run(['judge'], 'echo hello\nrm -rf /usr\n');
  expect(code).toBe(4);
  expect(out).toContain('line 2: rm -rf /usr');
  expect(out).toContain('[fs.delete.system]');
  expect(connects).toBe(0);
});

it('ends with 3 where somebody has to confirm, with 0 where nobody has', async () => {
  expect((await run(['judge'], 'systemctl stop sshd')).code).toBe(3);
  expect((await run(['judge'], 'systemctl restart nginx')).code).toBe(0);
  expect((await run(['judge'], 'rm -rf "$1"')).code).toBe(0);
});

it('reads the language from the first line, or from --shell', async () => {
  const python = "import os\nos.system('rm -rf /')\n";
  expect((await run(['judge'], `#!/usr/bin/env python3\n${python}`)).code).toBe(4);
  expect((await run(['judge', '--shell', 'python'], python)).code).toBe(4);
  expect((await run(['judge', '--os', 'windows', '--shell', 'cmd'], 'rd /s /q C:\\')).code).toBe(4);
});

it('asks for confirmation where it cannot know the language', async () => {
  expect((await run(['judge'], '#!/tmp/bash\ntrue\n')).code).toBe(3);
});

it('answers each line of stdin in order, a note as allow', async () => {
  const lines = [
    { id: 'a', cmd: 'rm -rf /', os: 'linux' },
    { id: 'b', cmd: 'rm -rf "$1"', os: 'linux' },
    { id: 'c', cmd: 'Remove-Item C:\\ -Recurse', os: 'windows', shell: 'powershell' },
  ];
  const { code, out } = await run(['judge', '--jsonl'], lines.map((line) => JSON.stringify(line)).join('\n'));
  expect(code).toBe(0);
  expect(objects(out)).toMatchObject([
    { id: 'a', verdict: 'block', level: 'forbid', rules: ['fs.delete.system'] },
    { id: 'b', verdict: 'allow', level: 'note' },
    { id: 'c', verdict: 'block', level: 'forbid' },
  ]);
  expect(objects(out).every(({ ms, reason }) => typeof ms === 'number' && typeof reason === 'string')).toBe(true);
});

it('refuses a line that is not JSON, and names it', async () => {
  const { code, err } = await run(['judge', '--jsonl'], '{"id":1,"cmd":"true","os":"linux"}\nnonsense\n');
  expect(code).toBe(2);
  expect(err).toContain('Line 2 of stdin is not JSON');
});

it('refuses a language that it does not know', async () => {
  const { code, err } = await run(['judge', '--shell', 'cobol'], 'x');
  expect(code).toBe(2);
  expect(err).toContain('cobol');
});

it('judges a path, and paths with the links of a target', async () => {
  expect((await run(['path', '/srv/app/x'])).code).toBe(0);
  expect((await run(['path', '/etc/passwd'])).code).toBe(4);
  expect((await run(['path', '/usr/bin/x'])).code).toBe(3);
  const line = { id: 1, path: '/tmp/l/passwd', os: 'linux', rule: '/etc', symlinks: { '/tmp/l': '/etc' } };
  const { out } = await run(['path', '--jsonl'], JSON.stringify(line));
  expect(objects(out)).toMatchObject([{ id: 1, verdict: 'block', rules: ['/etc'] }]);
});

it('lists its rules with what they stop', async () => {
  const { out } = await run(['rules']);
  expect(out).toContain('fs.delete.system');
  expect(objects((await run(['rules', '--json'])).out)[0]).toMatchObject({ id: expect.any(String), level: 'forbid' });
});
