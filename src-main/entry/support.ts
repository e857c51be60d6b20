import { existsSync } from 'node:fs';
import { cpus, homedir, hostname, release, totalmem, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { lastLogLines } from '#adapters/doctor/read-log';
import { archiveSummary, machineNames } from '#adapters/sqlite/archive-summary';
import { writeBundle } from '#adapters/support/write-bundle';
import { DroverError } from '#contract/errors';
import { scrubLogLine, withoutQuotes } from '#core/support/scrub-log-line';
import { Scrubber } from '#core/support/scrubber';
import type { Finding } from '#core/ports-doctor';
import type { EngineFlags, SupportMade } from '../cli/host.ts';
import type { Config } from '../config.ts';
import { storageProblem } from './storage-problem.ts';
import { clientOf, configOf, doctor, inTime } from './doctor.ts';

type SupportFlags = EngineFlags & {
  /** Where it is written; a file of today in the current folder when absent. */
  readonly file: string | undefined;
  readonly withNames: boolean;
  readonly force: boolean;
};

type Contents = {
  readonly version: string;
  readonly config: Config;
  readonly scrubber: Scrubber | null;
};

const mostLogLines = 2_000;

/**
 * Packs what somebody needs who shall find out what is wrong: numbers, settings, the doctor's findings and the end of the
 * log. What people typed, ran, stored or read is not in it. Throws DroverError.
 */
export async function support(version: string, flags: SupportFlags): Promise<SupportMade> {
  const { config } = configOf(flags);
  const day = new Date().toISOString().slice(0, 10);
  const file = resolve(flags.file ?? `drover-support-${day}.zip`);
  const findings = await doctor(version, flags);
  const scrubber = flags.withNames ? null : new Scrubber(knownNames(config.dataDir, findings));
  const contents = { version, config, scrubber };
  const files = [
    { name: 'README.txt', text: readme(flags.withNames) },
    { name: 'about.json', text: json(about(contents)) },
    { name: 'doctor.jsonl', text: lines(findings.map((finding) => scrubbedFinding(finding, scrubber))) },
    { name: 'configuration.json', text: json(configuration(contents)) },
    { name: 'archive.json', text: json(archiveNumbers(contents)) },
    { name: 'environment.txt', text: `${Object.keys(process.env).toSorted().join('\n')}\n` },
    { name: 'log.jsonl', text: lines(logLines(contents)) },
    ...(await metricsFile(config.dataDir)),
  ];
  try {
    const bytes = await writeBundle(file, files, flags.force);
    return { file, bytes, inside: files.map(({ name }) => name), withNames: flags.withNames };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new DroverError('name-taken', `${file} exists already: name another file, or overwrite it with --force`);
    }
    throw storageProblem(error, file);
  }
}

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
const lines = (values: readonly object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');

const readme = (
  withNames: boolean,
): string => `What Drover knows about itself, for whoever shall find out what is wrong.

about.json          versions and the machine
doctor.jsonl        what drover doctor found
configuration.json  what drover.json, DROVER_ variables and options come to; no secrets, no paths
archive.json        sizes and counts of the archive, and the settings that people have changed; no names, scripts, outputs
environment.txt     names of environment variables, without their values
log.jsonl           the end of drover.log, without what came from outside
metrics.txt         the numbers of the running engine, when one ran

${withNames ? 'Names and addresses of machines stand in it as they are.' : 'Names and addresses of machines and the name of the account are replaced: machine-1 is the same one everywhere.'}
Look through it before you hand it on.
`;

const about = ({ version }: Contents): object => ({
  product: 'drover',
  version,
  createdAt: new Date().toISOString(),
  node: process.versions.node,
  platform: `${process.platform} ${process.arch}`,
  kernel: release(),
  processors: cpus().length,
  memoryBytes: totalmem(),
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
});

/** Where something is fixed is told by the name of its variable, or that it stands in the file. */
function configuration({ config, scrubber }: Contents): object {
  const { listen, tls, behindProxy, hostNames, logLevel, log, fixed } = config;
  return {
    listen: { host: scrubber?.text(listen.host) ?? listen.host, port: listen.port },
    tls: tls !== null,
    behindProxy,
    hostNames: hostNames.length,
    logLevel,
    log,
    fixed: fixed.map(({ name, value, by }) => ({
      name,
      value: scrubbedValue(value, scrubber),
      by: by.startsWith('DROVER_') ? by : 'drover.json',
    })),
  };
}

/** A damaged archive has no numbers; the doctor's findings say what is wrong with it. */
function archiveNumbers({ config, scrubber }: Contents): object {
  if (!existsSync(join(config.dataDir, 'archive.db'))) {
    return { there: false };
  }
  try {
    const { settings, ...numbers } = archiveSummary(config.dataDir);
    const values = Object.entries(settings).map(([name, value]) => [name, scrubbedValue(value, scrubber)] as const);
    return { ...numbers, settings: Object.fromEntries(values) };
  } catch (error) {
    return { unreadable: error instanceof DroverError ? error.code : 'internal' };
  }
}

/** A setting may be the path of a folder. */
const scrubbedValue = (value: unknown, scrubber: Scrubber | null): unknown =>
  typeof value === 'string' && scrubber !== null ? scrubber.text(value) : value;

function knownNames(dataDir: string, findings: readonly Finding[]): ConstructorParameters<typeof Scrubber>[0] {
  const isReadable = findings.some(({ check, state }) => check === 'archive' && state !== 'fail');
  const { username, homedir: own } = userInfo();
  let hosts: string[] = [];
  try {
    hosts = isReadable ? machineNames(dataDir) : [];
  } catch {
    // There is none yet.
  }
  // The superuser has the same name everywhere, and stands in many words.
  const accounts = username === 'root' ? [] : [username];
  return { hosts: [...hosts, hostname()], accounts, homes: [homedir(), own] };
}

/** What is wrong in a configuration is told with a piece of it. */
function scrubbedFinding({ check, state, seen, remedy }: Finding, scrubber: Scrubber | null): Finding {
  const told = check === 'configuration' ? withoutQuotes(seen) : seen;
  const scrubbed = (text: string): string => scrubber?.text(text) ?? text;
  return { check, state, seen: scrubbed(told), remedy: remedy === null ? null : scrubbed(remedy) };
}

/** Also with names only as far as no secret can be in it. */
function logLines({ config, scrubber }: Contents): object[] {
  const nothing = new Scrubber({ hosts: [], accounts: [], homes: [] });
  return lastLogLines(join(config.dataDir, 'drover.log'), mostLogLines).map((line) =>
    scrubLogLine(line, scrubber ?? nothing),
  );
}

async function metricsFile(dataDir: string): Promise<{ name: string; text: string }[]> {
  const metrics = await inTime(clientOf(dataDir)?.call('metrics.read', {}));
  return metrics ? [{ name: 'metrics.txt', text: metrics.text }] : [];
}
