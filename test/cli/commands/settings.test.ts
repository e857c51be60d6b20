import { describe, expect, it } from 'vitest';
import { SettingsService } from '#core/settings/settings-service';
import { runCli } from '../../../src-main/cli/program.ts';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { anna } from '../../support/fakes/engine-rig.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { MemoryArchive } from '../../support/fakes/memory-archive.ts';
import { createFakeHost } from '../fake-host.ts';

/** Command lines against one real service. */
function site() {
  const service = new SettingsService({
    store: new MemoryArchive(),
    clock: new FakeClock(),
    log: new CollectingLog(),
    fixed: [{ name: 'limits.queueLength', value: 7, by: 'DROVER_QUEUE_LENGTH' }],
  });
  const settings = async (argv: readonly string[], stdin = '') => {
    const fake = createFakeHost({
      stdin,
      terminal: { columns: 200 },
      engine: {
        calls: {
          'settings.get': () => ({ settings: service.list() }),
          'settings.set': ({ changes }) => ({ settings: service.set(changes, anna) }),
          'settings.reset': ({ changes }) => ({ settings: service.reset(changes, anna) }),
          'settings.export': () => ({
            drover: 'settings',
            version: 1,
            node: 'n',
            exportedAt: 1,
            settings: { ...service.values },
          }),
        },
      },
    });
    const code = await runCli(['settings', ...argv], fake.host);
    return { code, out: fake.out.text, err: fake.err.text };
  };
  return { service, settings };
}

describe('drover settings ls', () => {
  it('tells value, default and where the value comes from', async () => {
    const { settings } = site();
    await settings(['set', 'limits.outputPerRunBytes', '20 GiB']);
    const { out } = await settings(['ls', '--changed']);
    expect(out).toMatch(/^NAME +VALUE +DEFAULT +FROM\n/);
    expect(out).toMatch(/limits\.queueLength +7 +10000 +fixed by DROVER_QUEUE_LENGTH\n/);
    expect(out).toMatch(/limits\.outputPerRunBytes +20 GiB +10 GiB +set by anna/);
    expect(out.trimEnd().split('\n')).toHaveLength(3);
  });

  it('gives one object a setting with --json', async () => {
    const lines = (await site().settings(['ls', '--json'])).out.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { name: string }).name)).toContain('quick.typedFrom');
  });
});

describe('drover settings set', () => {
  it.each([
    ['limits.runsAtOnce', '50', 50],
    ['LIMITS.KILLAFTERS', '30s', 30],
    ['ssh.idleCloseS', '10m', 600],
    ['limits.outputPerStreamBytes', '500MB', 5e8],
    ['limits.minFreeShare', '7%', 0.07],
    ['quick.stopAfter', '10%', '10%'],
    ['quick.stopAfter', 'never', ''],
  ] as const)('%s to %s', async (name, typed, value) => {
    const { settings, service } = site();
    expect((await settings(['set', name, typed])).code).toBe(0);
    const found = Object.entries(service.values).find(([key]) => key.toLowerCase() === name.toLowerCase());
    expect(found?.[1]).toBe(value);
  });

  it.each([
    ['limits.runsAtOnce', 'many', 'limits.runsAtOnce must be a whole number from 1 to 10000'],
    ['limits.runsAtOnce', '10m', 'limits.runsAtOnce must be a whole number from 1 to 10000'],
    ['limits.runAtOnce', '5', "There is no setting 'limits.runAtOnce'; did you mean limits.runsAtOnce?"],
  ])('refuses %s %s', async (name, value, why) => {
    const { code, err } = await site().settings(['set', name, value]);
    expect([code, err]).toEqual([2, expect.stringContaining(why)]);
  });

  it('refuses what the configuration fixes, and says where', async () => {
    const { code, err } = await site().settings(['set', 'limits.queueLength', '8']);
    expect(code).toBe(2);
    expect(err).toContain('fixed by DROVER_QUEUE_LENGTH');
  });
});

describe('drover settings reset', () => {
  it('gives the named ones, or all, their defaults back', async () => {
    const { settings, service } = site();
    await settings(['set', 'limits.runsAtOnce', '50']);
    await settings(['set', 'ssh.channels', '5']);
    expect((await settings(['reset', 'limits.runsAtOnce'])).out).toBe('limits.runsAtOnce is 200\n');
    expect(service.values['ssh.channels']).toBe(5);
    expect((await settings(['reset', '--all'])).out).toBe('ssh.channels is 8\n');
    expect((await settings(['reset'])).code).toBe(2);
  });
});

describe('drover settings export and import', () => {
  it('carry the settings to another node, but for what is fixed there', async () => {
    const [one, other] = [site(), site()];
    await one.settings(['set', 'limits.runsAtOnce', '50']);
    const text = (await one.settings(['export'])).out.replace('"limits.queueLength": 7', '"limits.queueLength": 9');
    const { out, err, code } = await other.settings(['import', '-'], text);
    expect([code, out]).toEqual([0, '1 setting changed\n']);
    expect(err).toContain('limits.queueLength is fixed here');
    expect(other.service.values['limits.runsAtOnce']).toBe(50);
  });

  it('refuse a file that is something else', async () => {
    expect(await site().settings(['import', '-'], '{"drover":"jobs"}')).toMatchObject({ code: 2 });
  });
});
