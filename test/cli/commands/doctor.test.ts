import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import type { Finding } from '../../../src-main/cli/host.ts';
import { runCli } from '../../../src-main/cli/program.ts';
import { createFakeHost } from '../fake-host.ts';

const well: Finding = { check: 'disk', state: 'ok', seen: '3 GB free', remedy: null };
const doubtful: Finding = { check: 'ssh-agent', state: 'warn', seen: 'holds no keys', remedy: 'ssh-add adds one' };
const bad: Finding = { check: 'archive', state: 'fail', seen: 'is \u001b[2Jdamaged', remedy: 'drover salvage' };

const doctorWith = (findings: readonly Finding[], columns?: { out: boolean }) =>
  createFakeHost({ doctor: async () => findings, ...(columns && { terminal: columns }) });

describe('drover doctor', () => {
  it('prints a line for each thing, what to do about it, and the sum', async () => {
    const { host, out } = doctorWith([well, doubtful, bad]);
    expect(await runCli(['doctor'], host)).toBe(1);
    expect(out.text).toContain('● ok    disk       3 GB free\n');
    expect(out.text).toMatch(/◆ warn {2}ssh-agent {2}holds no keys\n +→ ssh-add adds one\n/);
    expect(out.text).toContain('1 check must be mended, 1 check should be looked at; 1 of 3 are well.');
    expect(out.text).not.toContain('\u001b');
  });

  it('ends with 0 when nothing must be mended', async () => {
    expect(await runCli(['doctor'], doctorWith([well, doubtful]).host)).toBe(0);
    const { host, out } = doctorWith([well]);
    expect(await runCli(['doctor', '--data', '/srv/d'], host)).toBe(0);
    expect(out.text).toContain('All 1 checks are well.');
  });

  it('colours at a terminal only, and gives one JSON object a line', async () => {
    const coloured = doctorWith([bad], { out: true });
    await runCli(['doctor'], coloured.host);
    expect(coloured.out.text).toContain('\u001b[31m▲ fail\u001b[0m');
    const plain = doctorWith([well, bad]);
    expect(await runCli(['doctor', '--json'], plain.host)).toBe(1);
    expect(
      plain.out.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Finding),
    ).toEqual([well, bad]);
  });

  it('shows examples', async () => {
    const { host, out } = doctorWith([]);
    await runCli(['doctor', '--help'], host);
    expect(out.text).toContain('Examples:\n  drover doctor');
  });
});

describe('drover support', () => {
  it('says where the file is, what is inside, and that names were replaced', async () => {
    const asked: unknown[] = [];
    const { host, out } = createFakeHost({
      support: async (flags) => {
        asked.push(flags);
        return { file: '/x/s.zip', bytes: 12_300, inside: ['about.json', 'log.jsonl'], withNames: flags.withNames };
      },
    });
    expect(await runCli(['support'], host)).toBe(0);
    expect(out.text).toContain('/x/s.zip: 12.3 kB, readable for this account alone\nInside: about.json, log.jsonl\n');
    expect(out.text).toContain('were replaced');
    expect(await runCli(['support', 'a.zip', '--with-names', '--force', '--data', '/d'], host)).toBe(0);
    expect(out.text).toContain('machines stand in it');
    expect(asked).toEqual([
      { file: undefined, withNames: false, force: false, data: undefined },
      { file: 'a.zip', withNames: true, force: true, data: '/d' },
    ]);
  });

  it('passes on why it could not be written', async () => {
    const { host, err } = createFakeHost({
      support: async () => Promise.reject(new DroverError('name-taken', 'a.zip exists already')),
    });
    expect(await runCli(['support', 'a.zip'], host)).toBe(2);
    expect(err.text).toContain('[name-taken]');
  });
});
