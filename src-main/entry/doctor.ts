import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { readAnsibleVersion } from '#adapters/doctor/read-ansible';
import { readCertificate } from '#adapters/doctor/read-certificate';
import { readFolder } from '#adapters/doctor/read-folder';
import { readLogFacts } from '#adapters/doctor/read-log';
import { clockDrift, readOpenFiles } from '#adapters/doctor/read-process';
import { checkHolders } from '#adapters/local/check-holders';
import { readPassphraseFile } from '#adapters/secrets/passphrase';
import { openVault } from '#adapters/secrets/vault';
import { checkArchive } from '#adapters/sqlite/check-archive';
import { networkKind } from '#adapters/sqlite/data-folder';
import { isArchiveLocked, readLockHolder } from '#adapters/sqlite/lock';
import { checkSsh } from '#adapters/ssh/check-ssh';
import { diskOf } from '#adapters/system/disk';
import { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import { settings } from '#contract/settings';
import {
  judgeArchive,
  judgeCertificate,
  judgeClock,
  judgeCopies,
  judgeLog,
  judgeSecrets,
} from '#core/doctor/judge-contents';
import {
  judgeBus,
  judgeConfiguration,
  judgeDisk,
  judgeEngine,
  judgeFolder,
  judgeOpenFiles,
  judgeProgram,
} from '#core/doctor/judge-place';
import { judgeSsh, judgeSurroundings } from '#core/doctor/judge-reach';
import type { EngineFacts, Finding, ProgramFacts, SecretsFacts } from '#core/ports-doctor';
import { controlSocketPath } from '../cli/control-path.ts';
import type { EngineFlags } from '../cli/host.ts';
import { socketWire } from '../cli/socket-wire.ts';
import type { Config } from '../config.ts';
import { readConfig } from './read-config.ts';

/** An engine that was halted takes a question and never answers. */
const answerMs = 3_000;

/** Looks at everything a node needs, with or without an engine at work, and changes nothing. Never rejects. */
export async function doctor(version: string, flags: EngineFlags): Promise<Finding[]> {
  const { config, problem } = configOf(flags);
  const { dataDir, fixed } = config;
  const now = Date.now();
  const program = programFacts(version);
  const client = clientOf(dataDir);
  const [engine, ssh, ansible, holders] = await Promise.all([
    engineFacts(dataDir, client),
    checkSsh({ home: homedir(), agentSocket: process.env['SSH_AUTH_SOCK'] }),
    readAnsibleVersion(),
    checkHolders(),
  ]);
  const archive = checkArchive(dataDir);
  const set = archive.kind === 'sound' ? archive.minFreeShare : null;
  const settled = (name: keyof typeof settings): number =>
    Number(fixed.find((one) => one.name === name)?.value ?? settings[name].usual);
  const floor = fixed.some(({ name }) => name === 'limits.minFreeShare') ? null : set;
  const { pid, lockedAt, lockedUpS } = engine;
  const isNoted = engine.isLocked && lockedAt !== null && lockedUpS !== null;
  const driftMs = isNoted ? clockDrift({ at: lockedAt, upS: lockedUpS }, now) : null;
  const needs = { connections: settled('ssh.connections'), runsAtOnce: settled('limits.runsAtOnce') };
  const openFiles = readOpenFiles(engine.isLocked && pid !== null ? pid : 'self');
  return [
    judgeProgram(program),
    judgeConfiguration(problem),
    judgeFolder(readFolder(dataDir, networkKind), program.uid),
    judgeDisk(diskOf(firstThere(dataDir)).free(), floor ?? settled('limits.minFreeShare')),
    judgeEngine(engine, program, now),
    judgeArchive(archive),
    judgeCopies(archive, fixed.find(({ name }) => name === 'copies.at')?.value.toString(), now),
    judgeSecrets(await secretsFacts(dataDir, engine.answer === null ? undefined : client), archive),
    judgeLog(readLogFacts(join(dataDir, 'drover.log'), now)),
    judgeClock({ now, driftMs }, archive),
    judgeCertificate(readCertificate(config.tls), now),
    ...judgeSsh(ssh),
    ...judgeSurroundings({ ansible, holders, openFiles }),
    judgeBus(),
    judgeOpenFiles(openFiles, needs),
  ];
}

/** What is wrong with the configuration is a finding; everything else is then looked at as if there were none. */
export function configOf(flags: EngineFlags): { config: Config; problem: string | null } {
  try {
    return { config: readConfig(flags, {}), problem: null };
  } catch (error) {
    if (!(error instanceof DroverError)) {
      throw error;
    }
    const { HOME, XDG_DATA_HOME, APPDATA, DROVER_DATA } = process.env;
    const env = { HOME, XDG_DATA_HOME, APPDATA, DROVER_DATA };
    return { config: readConfig(flags, { env, isFileRead: false }), problem: error.message };
  }
}

const programFacts = (version: string): ProgramFacts => ({
  version,
  node: process.versions.node,
  sqlite: sqliteVersion(),
  platform: `${process.platform} ${process.arch}`,
  uid: process.geteuid?.() ?? null,
});

function sqliteVersion(): string {
  const db = new Database(':memory:');
  try {
    return String(db.prepare('SELECT sqlite_version()').pluck().get());
  } finally {
    db.close();
  }
}

/** A folder that is not there yet will be on the disk of the one above it. */
function firstThere(folder: string): string {
  const above = dirname(folder);
  return existsSync(folder) || above === folder ? folder : firstThere(above);
}

/** Undefined where no engine may be asked: its socket cannot be trusted, or is not there. */
export function clientOf(dataDir: string): DroverClient | undefined {
  try {
    const path = controlSocketPath(dataDir);
    return process.platform === 'win32' || existsSync(path) ? new DroverClient(socketWire(path)) : undefined;
  } catch {
    return undefined;
  }
}

async function engineFacts(dataDir: string, client: DroverClient | undefined): Promise<EngineFacts> {
  const holder = readLockHolder(dataDir);
  const isLocked = isArchiveLocked(dataDir);
  const info = isLocked ? await inTime(client?.call('node.info', {})) : undefined;
  return {
    isLocked,
    pid: holder?.pid ?? null,
    lockedAt: holder?.startedAt ?? null,
    lockedUpS: holder?.upS ?? null,
    answer: info ? { version: info.version, startedAt: info.startedAt, trouble: info.trouble } : null,
  };
}

/** Undefined for what fails or does not come. */
export async function inTime<T>(asked: Promise<T> | undefined): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), answerMs);
  });
  try {
    return await Promise.race([asked, late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** As the engine has them, which may have been unlocked since its start; else as one would that starts now. */
async function secretsFacts(dataDir: string, client: DroverClient | undefined): Promise<SecretsFacts> {
  const told = await inTime(client?.call('vault.state', {}));
  if (told) {
    return told;
  }
  try {
    const file = process.env['DROVER_PASSPHRASE_FILE'];
    const quiet = (): void => undefined;
    const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    const vault = openVault({ dataDir, log, passphrase: file ? readPassphraseFile(file) : undefined });
    await vault.opened;
    return vault.state();
  } catch (error) {
    return { state: 'locked', openers: [], message: error instanceof Error ? `${error.message}.` : String(error) };
  }
}
