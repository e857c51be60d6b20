import { describe, expect, it } from 'vitest';
import type { FixedSetting } from '#core/ports-settings';
import { SettingsService } from '#core/settings/settings-service';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { anna, refusalOf } from '../../support/fakes/engine-rig.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { MemoryArchive } from '../../support/fakes/memory-archive.ts';

function bench(fixed: readonly FixedSetting[] = [], store = new MemoryArchive()) {
  const clock = new FakeClock();
  const log = new CollectingLog();
  const service = new SettingsService({ store, clock, log, fixed });
  const of = (name: string) => service.list().find((setting) => setting.name === name);
  return { service, store, clock, log, of };
}

describe('settings', () => {
  it('have their defaults while nobody has changed them', () => {
    const { service, of } = bench();
    expect(service.values['limits.runsAtOnce']).toBe(200);
    expect(of('limits.runsAtOnce')).toMatchObject({ value: 200, default: 200, source: { from: 'default' }, rev: 0 });
  });

  it('are in force at once when they are set, and tell by whom and when', () => {
    const { service, of, clock } = bench();
    let told = 0;
    service.onChange(() => {
      told += 1;
    });
    service.set([{ name: 'limits.runsAtOnce', value: 3, rev: 0 }], anna);
    expect(told).toBe(1);
    expect(service.values['limits.runsAtOnce']).toBe(3);
    const source = { from: 'changed', by: 'anna', at: Math.round(clock.now()) };
    expect(of('limits.runsAtOnce')).toMatchObject({ value: 3, default: 200, source, rev: 1 });
  });

  it('are kept for the next engine, with an audit row of what they were before', () => {
    const { service, store } = bench();
    service.set([{ name: 'quick.stopAfter', value: '10%', rev: 0 }], anna);
    expect(bench([], store).service.values['quick.stopAfter']).toBe('10%');
    expect(store.audits.at(-1)).toMatchObject({
      action: 'settings.set',
      objectId: 'quick.stopAfter',
      detail: { from: '', to: '10%' },
    });
  });

  it('go back to the default, and a page that saw the value before the reset is refused', () => {
    const { service, of } = bench();
    service.set([{ name: 'limits.queueLength', value: 5, rev: 0 }], anna);
    service.reset([{ name: 'limits.queueLength', rev: 1 }], anna);
    expect(of('limits.queueLength')).toMatchObject({ value: 10_000, source: { from: 'default' }, rev: 2 });
    const refusal = refusalOf(() => service.set([{ name: 'limits.queueLength', value: 6, rev: 1 }], anna));
    expect(refusal.code).toBe('changed-meanwhile');
    expect(refusal.detail).toEqual({ name: 'limits.queueLength', value: 10_000, rev: 2 });
  });

  it('are set all together or not at all', () => {
    const { service, store, of } = bench();
    service.set([{ name: 'ssh.channels', value: 4, rev: 0 }], anna);
    const changes = [
      { name: 'ssh.connections', value: 9, rev: 0 },
      { name: 'ssh.channels', value: 5, rev: 0 },
    ] as const;
    expect(refusalOf(() => service.set([...changes], anna)).code).toBe('changed-meanwhile');
    expect(of('ssh.connections')).toMatchObject({ value: 256, rev: 0 });
    expect(store.listSettings()).toHaveLength(1);
  });

  it.each([
    ['limits.runsAtOnce', 0, 'must be a whole number from 1 to 10000'],
    ['limits.runsAtOnce', 1.5, 'must be a whole number'],
    ['limits.runsAtOnce', '7', 'must be a whole number'],
    ['limits.minFreeShare', 0.95, 'must be a number from 0 to 0.9'],
    ['quick.stopAfter', '0', 'must be empty, a number of targets'],
    ['limits.killAfterS', 60, 'must be less than limits.cancelForcedAfterS (60)'],
    ['ssh.loginS', 5, 'must not be more than ssh.loginS (5)'],
  ] as const)('refuse %s %j', (name, value, why) => {
    const { service, store } = bench();
    const refusal = refusalOf(() => service.set([{ name, value, rev: 0 }], anna));
    expect(refusal).toMatchObject({ code: 'bad-input', message: expect.stringContaining(why) as string });
    expect(store.listSettings()).toEqual([]);
  });

  it('are judged as they will be together', () => {
    const { service } = bench();
    service.set(
      [
        { name: 'limits.killAfterS', value: 90, rev: 0 },
        { name: 'limits.cancelForcedAfterS', value: 120, rev: 0 },
      ],
      anna,
    );
    expect(service.values['limits.killAfterS']).toBe(90);
  });

  it('that the configuration fixes cannot be changed, and win over what was set before', () => {
    const { service, store } = bench();
    service.set([{ name: 'limits.runsAtOnce', value: 3, rev: 0 }], anna);
    const next = bench([{ name: 'limits.runsAtOnce', value: 7, by: 'DROVER_RUNS_AT_ONCE' }], store);
    expect(next.of('limits.runsAtOnce')).toMatchObject({
      value: 7,
      source: { from: 'fixed', by: 'DROVER_RUNS_AT_ONCE' },
    });
    const refusal = refusalOf(() => next.service.set([{ name: 'limits.runsAtOnce', value: 8, rev: 1 }], anna));
    expect(refusal.message).toContain('fixed by DROVER_RUNS_AT_ONCE');
    expect(refusalOf(() => next.service.reset([{ name: 'limits.runsAtOnce', rev: 1 }], anna)).code).toBe('bad-input');
  });

  it('that do not fit beside the configuration are not used, and the log says so', () => {
    const { service, store } = bench();
    service.set([{ name: 'limits.cancelForcedAfterS', value: 20, rev: 0 }], anna);
    const next = bench([{ name: 'limits.killAfterS', value: 30, by: 'DROVER_KILL_AFTER_S' }], store);
    expect(next.service.values).toMatchObject({ 'limits.killAfterS': 30, 'limits.cancelForcedAfterS': 60 });
    expect(JSON.stringify(next.log)).toContain('do not fit beside the configuration');
  });
});
