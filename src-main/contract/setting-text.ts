import {
  isTextUnit,
  type SettingName,
  settings,
  settingSchema,
  type SettingUnit,
  type SettingValue,
  type TextUnit,
} from './settings.ts';

const factors: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  seconds: { '': 1, s: 1, m: 60, min: 60, h: 3_600, d: 86_400 },
  bytes: {
    '': 1,
    b: 1,
    kb: 1e3,
    mb: 1e6,
    gb: 1e9,
    tb: 1e12,
    kib: 2 ** 10,
    mib: 2 ** 20,
    gib: 2 ** 30,
    tib: 2 ** 40,
  },
  share: { '': 1, '%': 0.01 },
  count: { '': 1 },
};

/** Words that stand for a value; the first one for a value is how it is written. */
const words: Readonly<Record<TextUnit, Readonly<Record<string, string>>>> = {
  targets: { never: '', '0': '' },
  daytime: { never: '', off: '' },
  folder: { 'data folder': '', default: '' },
  switch: { on: 'on', yes: 'on', true: 'on', off: 'off', no: 'off', false: 'off' },
};

type Read = { readonly value: SettingValue } | { readonly problem: string };

/** Reads what a person types: `200`, `10m`, `1.5 GiB`, `5%`, `02:30`, `off`. The problem says what is allowed. */
export function readSetting(name: SettingName, typed: string): Read {
  const { unit } = settings[name];
  const text = typed.trim();
  const value = isTextUnit(unit) ? (words[unit][text.toLowerCase()] ?? text) : numberOf(unit, text);
  const parsed = settingSchema(name).safeParse(value);
  return parsed.success ? { value: parsed.data } : { problem: parsed.error.issues[0]?.message ?? 'is not possible' };
}

function numberOf(unit: Exclude<SettingUnit, TextUnit>, text: string): number {
  const [, digits, word = ''] = /^(\d{1,16}(?:\.\d{1,6})?)\s*([a-z%]*)$/i.exec(text) ?? [];
  const factor = factors[unit]?.[word.toLowerCase()];
  if (digits === undefined || factor === undefined) {
    return Number.NaN;
  }
  // 1.1 GiB is no whole number of bytes, and nobody means the fraction; 7 % is no 0.07000000000000001.
  return unit === 'share' ? Number((Number(digits) * factor).toFixed(6)) : Math.round(Number(digits) * factor);
}

const byteWords = [
  ['TiB', 2 ** 40],
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
] as const;
const secondWords = [
  ['h', 3_600],
  ['m', 60],
] as const;

/** The shortest text that `readSetting` reads back as the same value. */
export function writeSetting(name: SettingName, value: SettingValue): string {
  const { unit } = settings[name];
  if (isTextUnit(unit)) {
    return Object.entries(words[unit]).find(([, meant]) => meant === value)?.[0] ?? String(value);
  }
  if (typeof value === 'string') {
    return value;
  }
  if (unit === 'share') {
    return `${Number((value * 100).toFixed(4))}%`;
  }
  if (unit === 'bytes') {
    return inWords(value, byteWords) ?? `${value} B`;
  }
  return unit === 'seconds' ? (inWords(value, secondWords) ?? `${value}s`) : String(value);
}

function inWords(value: number, words: readonly (readonly [string, number])[]): string | undefined {
  const found = words.find(([, factor]) => value >= factor && value % factor === 0);
  return found && `${value / found[1]}${found[0].length > 1 ? ' ' : ''}${found[0]}`;
}
