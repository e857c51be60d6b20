import { homedir, userInfo } from 'node:os';
import { systemClock } from '#adapters/clock/system-clock';
import { readPassphraseFile } from '#adapters/secrets/passphrase';
import { openVault } from '#adapters/secrets/vault';
import { createSshAccount } from '#adapters/ssh/ssh-config';
import { KnownHosts } from '#adapters/ssh/known-hosts';
import { sshKeys } from '#adapters/ssh/ssh-keys';
import type { Ssh, SshLimits, SshNeeds } from '#adapters/ssh/ssh-exec';
import type { SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import { readImportSources } from '#adapters/system/import-sources';
import { sha256Digest } from '#adapters/system/digest';
import { systemIds } from '#adapters/system/ids';
import type { HandlerServices } from '#api/handlers/handlers';
import { DroverError } from '#contract/errors';
import type { RunLogin } from '#contract/run';
import { createCredentialService } from '#core/credential/credential-service';
import { RunLogins } from '#core/credential/run-logins';
import { createHostKeyBook } from '#core/host-key/host-key-book';
import type { SettingsService } from '#core/settings/settings-service';
import type { Actor, Exec, Log } from '#core/ports';
import { wayToTarget } from '#core/run/freeze-hosts';
import { gatherHosts, type HostGathering } from '#core/run/gather-hosts';
import { ReachRecorder } from '#core/target/reach-recorder';
import { recordingExec } from '#core/target/recording-exec';
import { localTarget } from '#core/target/select-targets';
import { TargetService } from '#core/target/target-service';
import type { Config } from './config.ts';

/** Everything about targets that are not this machine, and how they are reached. */
export type Reaching = Pick<
  HandlerServices,
  'targetService' | 'reachRecorder' | 'importSources' | 'probe' | 'reachOf' | 'credentialService' | 'vault' | 'hostKeys'
> & {
  /** Runs scripts over SSH and notes how the targets were reached. */
  readonly exec: Exec;
  readonly hosts: HostGathering;
  readonly logins: { give(runId: string, login: RunLogin): void; forget(runId: string): void };
  /** Settles when the secrets can be opened, or it is known that they cannot. */
  readonly opened: Promise<void>;
  /** SSH connections that are open or being opened. */
  readonly connections: () => number;
  /** Ends all connections in good order. */
  close(): Promise<void>;
};

type Parts = {
  readonly archive: SqliteArchive;
  readonly log: Log;
  readonly engine: Actor;
  readonly settings: SettingsService;
};

const importSources = (): ReturnType<typeof readImportSources> => readImportSources(homedir());

/** Throws DroverError for a file of DROVER_PASSPHRASE_FILE that others may read. */
export function composeReaching(config: Config, { archive, log, engine, settings }: Parts): Reaching {
  const { teamId } = archive.builtIn;
  const passphraseFile = process.env['DROVER_PASSPHRASE_FILE'];
  const passphrase = passphraseFile ? readPassphraseFile(passphraseFile) : undefined;
  const vault = openVault({ dataDir: config.dataDir, log, passphrase });
  const account = createSshAccount({ home: homedir(), user: userInfo().username, log });
  const local = localTarget(archive.nodeId, process.platform);
  const targetService = new TargetService({ store: archive, clock: systemClock, ids: systemIds, local });
  const hostKeys = createHostKeyBook({ store: archive, clock: systemClock, log, engine });
  const logins = new RunLogins({ store: archive, teamId, vault, digest: sha256Digest, ids: systemIds });
  const credentials = (team: string): ReturnType<typeof archive.listCredentials> => archive.listCredentials(team);
  const save = targetService.saveReached.bind(targetService);
  const reachRecorder = new ReachRecorder({ clock: systemClock, log, save });
  const knownHosts = new KnownHosts((address) => account.knownHostsFiles(address), log);
  const ssh = lazySsh({ logins, hostKeys, knownHosts, log }, settings);
  return {
    targetService,
    reachRecorder,
    hostKeys,
    vault,
    importSources,
    probe: ssh.probe,
    connections: ssh.connections,
    exec: recordingExec(ssh.exec, { recorder: reachRecorder, clock: systemClock }),
    credentialService: createCredentialService({
      store: archive,
      targets: archive,
      vault,
      keys: sshKeys,
      clock: systemClock,
      ids: systemIds,
    }),
    hosts: gatherHosts({ targets: (team) => targetService.all(team), credentials, account }),
    reachOf: (target, actor) => {
      const { address, reach } = wayToTarget(target, {
        login: undefined,
        account,
        credentials: credentials(actor.teamId),
      });
      if (!reach) {
        throw new DroverError('bad-input', `Target ${target.name} is the machine Drover runs on`);
      }
      return { address, reach };
    },
    logins: {
      give(runId, login) {
        login.keys.forEach(({ privateKey, passphrase }) => sshKeys.describe(privateKey, passphrase));
        logins.give(runId, login);
      },
      forget: (runId) => logins.forget(runId),
    },
    opened: vault.opened,
    async close() {
      reachRecorder.flush();
      await ssh.close();
      hostKeys.flush();
    },
  };
}

function sshLimits({ values }: SettingsService): Partial<SshLimits> {
  return {
    connections: values['ssh.connections'],
    unauthenticated: values['ssh.unauthenticated'],
    sessionsPerConnection: values['ssh.channels'],
    connectMs: values['ssh.connectS'] * 1000,
    loginMs: values['ssh.loginS'] * 1000,
    keepAliveMs: values['ssh.keepAliveS'] * 1000,
    idleMs: values['ssh.idleCloseS'] * 1000,
  };
}

/** Loaded when it is first needed: an engine that has nothing to do on other machines starts without this code. */
function lazySsh(
  parts: Omit<SshNeeds, 'agentSocket' | 'limits'>,
  settings: SettingsService,
): Pick<Ssh, 'exec' | 'probe' | 'connections' | 'close'> {
  let opened: Promise<Ssh> | undefined;
  let loaded: Ssh | undefined;
  const needs = { ...parts, limits: () => sshLimits(settings) };
  settings.onChange(() => void opened?.then((ssh) => ssh.lookAgain()));
  const open = (): Promise<Ssh> =>
    (opened ??= import('#adapters/ssh/ssh-exec').then(({ createSsh }) => {
      loaded = createSsh({ ...needs, agentSocket: process.env['SSH_AUTH_SOCK'] });
      return loaded;
    }));
  return {
    exec: { run: async (request, sink, stop) => (await open()).exec.run(request, sink, stop) },
    probe: { test: async (target, runId) => (await open()).probe.test(target, runId) },
    connections: () => loaded?.connections() ?? 0,
    close: async () => (await opened)?.close(),
  };
}
