import { posix, win32 } from 'node:path';
import { z } from 'zod';
import { DroverError } from '#contract/errors';
import {
  isTextUnit,
  settingGroups,
  type SettingName,
  settingNames,
  settings,
  settingSchema,
  settingsMisfit,
  type SettingValue,
} from '#contract/settings';
import type { FixedSetting } from '#core/ports-settings';

/** What the command line may say; absent or undefined says nothing. */
type ConfigFlags = {
  readonly data?: string | undefined;
  readonly listen?: string | undefined;
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  readonly behindProxy?: boolean | undefined;
  readonly name?: string | undefined;
};

/** Where a configuration comes from, so that loading it asks nothing of the process. */
export type ConfigSources = {
  readonly flags: ConfigFlags;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly homedir: string;
  readonly hostname: string;
  /** Relative paths of flags and environment start here; those of the file start at its folder. */
  readonly cwd: string;
  /** The text of a file, undefined when there is none; throws for every other reason. */
  readonly readFile: (path: string) => string | undefined;
};

const text = (max: number): z.ZodString => {
  const error = `must be a text of 1 to ${max} characters`;
  return z.string({ error }).trim().min(1, { error }).max(max, { error });
};

const yesOrNo = z.boolean({ error: 'must be true or false' });

const listenError = 'must be HOST:PORT, such as 127.0.0.1:7070 or [::1]:7070';
const Listen = z.string({ error: listenError }).transform((value, context) => {
  const [, inBrackets, plain, port] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:[\]/]+)):(\d{1,5})$/.exec(value.trim()) ?? [];
  const host = inBrackets ?? plain;
  if (!host || Number(port) > 65_535) {
    context.addIssue({ code: 'custom', message: listenError });
    return z.NEVER;
  }
  return { host, port: Number(port) };
});

const hostNamesError = 'must be a list of host names without port, such as drover.example.com';
const HostNames = z.array(z.string().regex(/^[A-Za-z0-9.-]{1,253}$/, { error: hostNamesError }), {
  error: hostNamesError,
});

const logLevels = ['debug', 'info', 'warn', 'error'] as const;

type SettingGroup = (typeof settingGroups)[number];

/** The settings of a group that people can change as well; what stands in the configuration is fixed there. */
function groupOf(group: SettingGroup): z.ZodObject<Record<string, z.ZodOptional<z.ZodType<SettingValue>>>> {
  const own = settingNames.filter((name) => name.startsWith(`${group}.`));
  return z.strictObject(
    Object.fromEntries(own.map((name) => [name.slice(group.length + 1), settingSchema(name).optional()])),
  );
}

const wholeNumber = (min: number, max: number): z.ZodInt => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

const LogFiles = z.strictObject({ maxBytes: wholeNumber(0, 1e12), keep: wholeNumber(0, 100) });

const groups = {
  limits: groupOf('limits'),
  retention: groupOf('retention'),
  copies: groupOf('copies'),
  ssh: groupOf('ssh'),
  quick: groupOf('quick'),
};

const Tls = z.strictObject({ certFile: text(4_096), keyFile: text(4_096) });

/** What may stand in `drover.json`; every key may be left out. */
const Settings = z.strictObject({
  name: text(64),
  listen: Listen,
  tls: Tls.partial(),
  behindProxy: yesOrNo,
  hostNames: HostNames,
  logLevel: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }),
  log: LogFiles.partial(),
  ...groups,
});
const SomeSettings = Settings.partial();
type SomeSettings = z.infer<typeof SomeSettings>;

/** A checked configuration; all paths are absolute. */
export type Config = {
  readonly dataDir: string;
  /** What this node is called on the screens. */
  readonly name: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly tls: Readonly<z.infer<typeof Tls>> | null;
  /** A proxy in front of the console does TLS. */
  readonly behindProxy: boolean;
  /** Names the console may be asked by, beside those of this machine. */
  readonly hostNames: readonly string[];
  readonly logLevel: (typeof logLevels)[number];
  /** When drover.log is put aside, and how many such files are kept; with 0 bytes never. */
  readonly log: Readonly<z.infer<typeof LogFiles>>;
  /** What of the settings that people can change is fixed here, and by what. */
  readonly fixed: readonly FixedSetting[];
};

const configFileName = 'drover.json';

/**
 * Flags win over the environment, that over `drover.json` in the data folder, and that over the defaults. Throws
 * DroverError `bad-input`, naming where a wrong value or an unknown key stands and what is allowed, or `data-folder`.
 */
export function loadConfig(sources: ConfigSources): Config {
  const path = sources.platform === 'win32' ? win32 : posix;
  const dataDir = dataFolder(sources, path);
  const file = path.join(dataDir, configFileName);
  const fromFile = atFolder(checkFile(file, readSettings(file, sources)), dataDir, path);
  const fromEnv = atFolder(checkEnv(sources.env), sources.cwd, path);
  const fromFlags = atFolder(checkFlags(sources.flags), sources.cwd, path);
  const tls = { ...fromFile.tls, ...fromEnv.tls, ...fromFlags.tls };
  const given = { ...fromFile, ...fromEnv, ...fromFlags };
  const config: Config = {
    dataDir,
    name: given.name ?? (sources.hostname.slice(0, 64) || 'drover'),
    listen: given.listen ?? { host: '127.0.0.1', port: 7070 },
    tls: bothOrNone(tls),
    behindProxy: given.behindProxy ?? false,
    hostNames: given.hostNames ?? [],
    logLevel: given.logLevel ?? 'info',
    log: logFiles({ ...fromFile.log, ...fromEnv.log }),
    fixed: [...fixedBy(fromEnv, variableOf), ...fixedBy(fromFile, () => file)].filter(isFirst),
  };
  assertFits(config);
  return config;
}

const logFiles = ({ maxBytes = 10_000_000, keep = 5 }: NonNullable<SomeSettings['log']>): Config['log'] => ({
  maxBytes,
  keep,
});

type Path = typeof posix;

function dataFolder({ flags, env, platform, homedir, cwd }: ConfigSources, path: Path): string {
  const named = flags.data || env['DROVER_DATA'];
  if (named) {
    return path.resolve(cwd, named);
  }
  if (!homedir) {
    throw new DroverError(
      'data-folder',
      'This account has no home folder: name a data folder with --data or DROVER_DATA',
    );
  }
  if (platform === 'win32') {
    return path.join(env['APPDATA'] || path.join(homedir, 'AppData', 'Roaming'), 'Drover');
  }
  if (platform === 'darwin') {
    return path.join(homedir, 'Library', 'Application Support', 'Drover');
  }
  // The XDG specification has relative values ignored.
  const shared = env['XDG_DATA_HOME'];
  return path.join(shared && path.isAbsolute(shared) ? shared : path.join(homedir, '.local', 'share'), 'drover');
}

function readSettings(file: string, { readFile }: ConfigSources): unknown {
  let content: string | undefined;
  try {
    content = readFile(file);
  } catch (error) {
    throw new DroverError('data-folder', `${file} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
  try {
    return content === undefined ? {} : JSON.parse(content.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new DroverError('bad-input', `${file} is not JSON: ${reasonOf(error)}`, { cause: error });
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function checkFile(file: string, value: unknown): SomeSettings {
  return check(value, (place) => (place === '' ? file : `${file}: ${place}`));
}

/** `limits.runsAtOnce` is DROVER_RUNS_AT_ONCE, `ssh.idleCloseS` is DROVER_SSH_IDLE_CLOSE_S. */
function variableOf(name: SettingName): string {
  const words = name.replace(/^limits\./, '').replaceAll('.', '_');
  return `DROVER_${words.replace(/[A-Z]/g, '_$&').toUpperCase()}`;
}

/** Variable of each setting; the file's lists are written with commas here. */
const variables = {
  name: 'DROVER_NAME',
  listen: 'DROVER_LISTEN',
  'tls.certFile': 'DROVER_TLS_CERT',
  'tls.keyFile': 'DROVER_TLS_KEY',
  behindProxy: 'DROVER_BEHIND_PROXY',
  hostNames: 'DROVER_HOST_NAMES',
  logLevel: 'DROVER_LOG_LEVEL',
  'log.maxBytes': 'DROVER_LOG_MAX_BYTES',
  'log.keep': 'DROVER_LOG_KEEP',
  ...(Object.fromEntries(settingNames.map((name) => [name, variableOf(name)])) as Record<SettingName, string>),
} as const;

/** Other DROVER_ variables are left alone: scripts that Drover runs see such, and may call it. */
function checkEnv(env: ConfigSources['env']): SomeSettings {
  const words = (name: string): string[] => name.split(',').map((word) => word.trim());
  const value = nested(variables, (place, variable) => {
    const given = env[variable]?.trim();
    if (!given) {
      return undefined;
    }
    if (place === 'hostNames') {
      return words(given);
    }
    if (place === 'behindProxy') {
      return { '1': true, true: true, '0': false, false: false }[given] ?? given;
    }
    return isNumber(place) ? numberOrText(given) : given;
  });
  return check(value, (place) => namesOf(variables, place));
}

const isNumber = (place: string): boolean =>
  place.startsWith('log.') || settingNames.some((name) => name === place && !isTextUnit(settings[name].unit));

/** What is no number stays a text, which the check then refuses by name. */
function numberOrText(given: string): number | string {
  const number = Number(given);
  return Number.isNaN(number) ? given : number;
}

const flagNames = {
  name: '--name',
  listen: '--listen',
  'tls.certFile': '--tls-cert',
  'tls.keyFile': '--tls-key',
  behindProxy: '--behind-proxy',
} as const;

function checkFlags({ name, listen, tlsCert, tlsKey, behindProxy }: ConfigFlags): SomeSettings {
  const given = { name, listen, 'tls.certFile': tlsCert, 'tls.keyFile': tlsKey, behindProxy };
  return check(
    nested(flagNames, (place) => given[place]),
    (place) => namesOf(flagNames, place),
  );
}

/** The shape of the file from places such as `tls.certFile`, without what is not given. */
function nested<P extends string>(names: Record<P, string>, read: (place: P, name: string) => unknown): object {
  const all: Record<string, unknown> = {};
  const groups: Record<string, Record<string, unknown>> = {};
  for (const [place, name] of Object.entries<string>(names)) {
    const value = read(place as P, name);
    if (value === undefined) {
      continue;
    }
    const [first = '', second] = place.split('.');
    if (second === undefined) {
      all[first] = value;
    } else {
      groups[first] = { ...groups[first], [second]: value };
    }
  }
  return { ...all, ...groups };
}

function namesOf(names: Readonly<Record<string, string>>, place: string): string {
  return names[place] ?? names[place.replace(/\.\d+$/, '')] ?? place;
}

function check(value: unknown, nameOf: (place: string) => string): SomeSettings {
  const parsed = SomeSettings.safeParse(value);
  if (parsed.success) {
    return parsed.data;
  }
  const problems = parsed.error.issues.map((issue) => {
    const place = issue.path.join('.');
    if (issue.code === 'unrecognized_keys') {
      const keys = issue.keys.map((key) => (place === '' ? key : `${place}.${key}`));
      return `${nameOf(keys.join(', '))} is not a setting; allowed: ${allowedKeys(place).join(', ')}`;
    }
    return `${nameOf(place)} ${issue.code === 'invalid_type' && place === '' ? 'must be a JSON object' : issue.message}`;
  });
  throw new DroverError('bad-input', problems.join('; '), { detail: { problems } });
}

function allowedKeys(place: string): string[] {
  const group = settingGroups.find((one) => one === place);
  const shape = { tls: Tls.shape, log: LogFiles.shape }[place] ?? Settings.shape;
  return Object.keys(group ? groups[group].shape : shape);
}

/** Makes the paths in settings absolute. */
function atFolder(settings: SomeSettings, folder: string, path: Path): SomeSettings {
  if (!settings.tls) {
    return settings;
  }
  const { certFile, keyFile } = settings.tls;
  return {
    ...settings,
    tls: {
      ...(certFile !== undefined && { certFile: path.resolve(folder, certFile) }),
      ...(keyFile !== undefined && { keyFile: path.resolve(folder, keyFile) }),
    },
  };
}

function bothOrNone({ certFile, keyFile }: NonNullable<SomeSettings['tls']>): Config['tls'] {
  if (certFile !== undefined && keyFile !== undefined) {
    return { certFile, keyFile };
  }
  if (certFile === undefined && keyFile === undefined) {
    return null;
  }
  throw new DroverError('bad-input', 'A certificate and its key belong together: give --tls-cert and --tls-key');
}

/** The settings that one source gives. */
function fixedBy(given: SomeSettings, by: (name: SettingName) => string): FixedSetting[] {
  return settingNames.flatMap((name) => {
    const [group = '', key = ''] = name.split('.');
    const value = given[group as SettingGroup]?.[key];
    return value === undefined ? [] : [{ name, value, by: by(name) }];
  });
}

const isFirst = ({ name }: FixedSetting, at: number, all: readonly FixedSetting[]): boolean =>
  all.findIndex((other) => other.name === name) === at;

function assertFits({ listen, tls, behindProxy, fixed }: Config): void {
  if (tls && behindProxy) {
    throw new DroverError(
      'bad-input',
      'TLS is done here or by the proxy: give --tls-cert and --tls-key, or --behind-proxy',
    );
  }
  if (!isLoopback(listen.host) && !tls && !behindProxy) {
    throw new DroverError('bad-input', `Without TLS the console listens on this machine only, not on ${listen.host}`, {
      detail: { remedy: 'Give --tls-cert and --tls-key, or --behind-proxy when a proxy in front of it does TLS.' },
    });
  }
  const usual = Object.fromEntries(settingNames.map((name) => [name, settings[name].usual]));
  const misfit = settingsMisfit({ ...usual, ...Object.fromEntries(fixed.map(({ name, value }) => [name, value])) });
  if (misfit !== null) {
    throw new DroverError('bad-input', misfit);
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
