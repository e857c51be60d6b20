import { describe, expect, it } from 'vitest';
import { readSetting, writeSetting } from '#contract/setting-text';
import { settingNames, settings } from '#contract/settings';

describe('the text of a setting', () => {
  it.each(settingNames)('is read back as it was written: %s', (name) => {
    const { usual, min, max } = settings[name];
    for (const value of [usual, min, max].filter((one) => one !== null)) {
      expect(readSetting(name, writeSetting(name, value))).toEqual({ value });
    }
  });

  it.each([
    ['limits.outputPerRunBytes', '1.5 GiB', 1_610_612_736],
    ['limits.outputPerRunBytes', '12', 12],
    ['ssh.idleCloseS', '2 h', 7_200],
    ['ssh.idleCloseS', '90', 90],
    ['limits.minFreeShare', '0.05', 0.05],
    ['limits.minFreeShare', '12.5 %', 0.125],
    ['copies.at', '02:30', '02:30'],
    ['copies.at', 'Off', ''],
    ['copies.folder', ' /backup/Drover ', '/backup/Drover'],
    ['copies.folder', 'data folder', ''],
    ['copies.withKey', 'Yes', 'on'],
    ['retention.outputDays', '0', 0],
  ] as const)('%s %s', (name, typed, value) => {
    expect(readSetting(name, typed)).toEqual({ value });
  });

  it.each([
    ['limits.runsAtOnce', ''],
    ['limits.runsAtOnce', '-1'],
    ['limits.runsAtOnce', '1e3'],
    ['limits.runsAtOnce', '5%'],
    ['ssh.idleCloseS', '10 weeks'],
    ['copies.at', '24:00'],
    ['copies.at', '2:30'],
    ['copies.folder', 'backup'],
    ['copies.withKey', 'perhaps'],
    ['quick.stopAfter', '101%'],
    ['quick.stopAfter', 'a'.repeat(10_000)],
  ] as const)('cannot be %s %s', (name, typed) => {
    expect(readSetting(name, typed)).toHaveProperty('problem');
  });
});
