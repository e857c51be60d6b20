import { z } from 'zod';
import { call } from './define.ts';

/**
 * How a value is read: whole numbers, bytes, seconds, a share of the whole (0–1), or a number of targets such as `3` or
 * `10%`, where the empty text means never; a time of the day (empty: never), a folder (empty: Drover's own), or on and off.
 */
const settingUnits = ['count', 'bytes', 'seconds', 'share', 'targets', 'daytime', 'folder', 'switch'] as const;
export type SettingUnit = (typeof settingUnits)[number];
export type TextUnit = 'targets' | 'daytime' | 'folder' | 'switch';

export const isTextUnit = (unit: SettingUnit): unit is TextUnit => Object.hasOwn(textUnits, unit);

/** From when on a change is felt. */
export const settingEffects = ['at-once', 'next-connection', 'next-form', 'next-sweep', 'next-copy'] as const;

export const settingGroups = ['limits', 'retention', 'copies', 'ssh', 'quick'] as const;

const text = <T extends string>(unit: TextUnit, usual: T) => ({ unit, usual, min: null, max: null }) as const;

const number = (unit: Exclude<SettingUnit, TextUnit>, usual: number, [min, max]: readonly [number, number]) =>
  ({ unit, usual, min, max }) as const;

/** Everything an administrator can set: what it is measured in, what it is when nobody sets it, and its bounds. */
export const settings = {
  'limits.runsAtOnce': { ...number('count', 200, [1, 10_000]), effect: 'at-once' },
  'limits.queueLength': { ...number('count', 10_000, [0, 1_000_000]), effect: 'at-once' },
  'limits.killAfterS': { ...number('seconds', 10, [1, 3_600]), effect: 'at-once' },
  'limits.cancelForcedAfterS': { ...number('seconds', 60, [1, 3_600]), effect: 'at-once' },
  'limits.outputPerStreamBytes': { ...number('bytes', 2 ** 30, [1, 1e15]), effect: 'at-once' },
  'limits.outputPerRunBytes': { ...number('bytes', 10 * 2 ** 30, [1, 1e15]), effect: 'at-once' },
  'limits.minFreeShare': { ...number('share', 0.05, [0, 0.9]), effect: 'at-once' },
  // How much output of ended runs stays; 0 sets no bound.
  'retention.outputDays': { ...number('count', 180, [0, 36_500]), effect: 'next-sweep' },
  'retention.outputRuns': { ...number('count', 0, [0, 1e9]), effect: 'next-sweep' },
  'retention.outputBytes': { ...number('bytes', 20 * 2 ** 30, [0, 1e15]), effect: 'next-sweep' },
  'copies.at': { ...text<string>('daytime', ''), effect: 'at-once' },
  'copies.folder': { ...text<string>('folder', ''), effect: 'next-copy' },
  'copies.keep': { ...number('count', 7, [1, 1_000]), effect: 'next-copy' },
  'copies.withKey': { ...text<string>('switch', 'off'), effect: 'next-copy' },
  'ssh.connections': { ...number('count', 256, [1, 4_096]), effect: 'at-once' },
  'ssh.unauthenticated': { ...number('count', 8, [1, 64]), effect: 'at-once' },
  'ssh.channels': { ...number('count', 8, [1, 64]), effect: 'next-connection' },
  'ssh.connectS': { ...number('seconds', 10, [1, 300]), effect: 'next-connection' },
  'ssh.loginS': { ...number('seconds', 20, [1, 600]), effect: 'next-connection' },
  'ssh.keepAliveS': { ...number('seconds', 15, [1, 600]), effect: 'next-connection' },
  'ssh.idleCloseS': { ...number('seconds', 600, [1, 86_400]), effect: 'at-once' },
  'quick.timeoutS': { ...number('seconds', 600, [1, 86_400]), effect: 'next-form' },
  'quick.concurrency': { ...number('count', 64, [1, 1_000]), effect: 'next-form' },
  'quick.stopAfter': { ...text<string>('targets', ''), effect: 'next-form' },
  'quick.typedFrom': { ...number('count', 20, [2, 100_000]), effect: 'next-form' },
} as const satisfies Record<
  string,
  {
    readonly unit: SettingUnit;
    readonly usual: number | string;
    readonly min: number | null;
    readonly max: number | null;
    readonly effect: (typeof settingEffects)[number];
  }
>;

export type SettingName = keyof typeof settings;
export const settingNames = Object.keys(settings) as readonly SettingName[];

export type SettingValues = {
  readonly [N in SettingName]: (typeof settings)[N]['usual'] extends number ? number : string;
};
export type SettingValue = number | string;

/** What a text may be, and how that is said. */
const textUnits: Readonly<Record<TextUnit, readonly [RegExp, string]>> = {
  targets: [
    /^(|[1-9]\d{0,5}|(100|\d{1,2}(\.\d{1,3})?)%)$/,
    'must be empty, a number of targets such as 3, or a share such as 10%',
  ],
  daytime: [/^(|([01]\d|2[0-3]):[0-5]\d)$/, 'must be empty or a time of the day such as 02:30'],
  folder: [/^(|(\/|[A-Za-z]:[\\/]|\\\\)[^\0]{0,999})$/, 'must be empty or the whole path of a folder'],
  switch: [/^(on|off)$/, 'must be on or off'],
};

/** What a setting may be; its message says what is allowed. */
export function settingSchema(name: SettingName): z.ZodType<SettingValue> {
  const setting = settings[name];
  if (setting.min === null) {
    const [pattern, error] = textUnits[setting.unit];
    return z.string({ error }).regex(pattern, { error });
  }
  const { unit, min, max } = setting;
  const whole = unit !== 'share';
  const error = `must be a ${whole ? 'whole number' : 'number'} from ${min} to ${max}`;
  return (whole ? z.int({ error }) : z.number({ error })).min(min, { error }).max(max, { error });
}

/** What is wrong with values that are right each by itself; null when they fit together. */
export function settingsMisfit(values: Readonly<Record<string, unknown>>): string | null {
  const kill = Number(values['limits.killAfterS']);
  const forced = Number(values['limits.cancelForcedAfterS']);
  if (kill >= forced) {
    return `limits.killAfterS (${kill}) must be less than limits.cancelForcedAfterS (${forced})`;
  }
  const connect = Number(values['ssh.connectS']);
  const login = Number(values['ssh.loginS']);
  return connect > login ? `ssh.connectS (${connect}) must not be more than ssh.loginS (${login})` : null;
}

const Value = z.union([z.number(), z.string().max(1_000)]);
const Name = z.enum(settingNames as [SettingName, ...SettingName[]]);

/** Where a value comes from. What `by` names wins over what people set, so that it is fixed here. */
const SettingSource = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('default') }),
  /** The variable or the file that fixes it. */
  z.strictObject({ from: z.literal('fixed'), by: z.string() }),
  z.strictObject({ from: z.literal('changed'), by: z.string(), at: z.int() }),
]);

export const Setting = z.strictObject({
  name: Name,
  unit: z.enum(settingUnits),
  value: Value,
  default: Value,
  min: z.number().nullable(),
  max: z.number().nullable(),
  effect: z.enum(settingEffects),
  source: SettingSource,
  /** Counts the changes; 0 when there never was one. */
  rev: z.int(),
});
export type Setting = z.infer<typeof Setting>;

const AllSettings = z.strictObject({ settings: z.array(Setting) });

/** Settings alone, to be kept or to be set on another node. */
export const SettingsExport = z.strictObject({
  drover: z.literal('settings'),
  version: z.literal(1),
  node: z.string(),
  exportedAt: z.int(),
  settings: z.record(z.string(), Value),
});
export type SettingsExport = z.infer<typeof SettingsExport>;

/** What the node runs on. */
const NodeFacts = z.strictObject({
  logFile: z.string(),
  archiveFile: z.string(),
  archiveBytes: z.int(),
  disk: z.strictObject({ freeBytes: z.number(), freeShare: z.number() }),
  /** Such as `Node 24.21.0`. */
  runtime: z.string(),
});

const Nothing = z.strictObject({});
const Rev = z.int().min(0);
const most = settingNames.length;

export const settingsContract = {
  'settings.get': call(Nothing, AllSettings, { role: 'viewer' }),
  /** All or none; answers with every setting as it is then. */
  'settings.set': call(
    z.strictObject({
      changes: z
        .array(z.strictObject({ name: Name, value: Value, rev: Rev }))
        .min(1)
        .max(most),
    }),
    AllSettings,
    { role: 'admin' },
  ),
  /** Back to the defaults. */
  'settings.reset': call(
    z.strictObject({
      changes: z
        .array(z.strictObject({ name: Name, rev: Rev }))
        .min(1)
        .max(most),
    }),
    AllSettings,
    { role: 'admin' },
  ),
  'settings.export': call(Nothing, SettingsExport, { role: 'viewer' }),
  'node.facts': call(Nothing, NodeFacts, { role: 'viewer' }),
};
