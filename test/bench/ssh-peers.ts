import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './bench-engine.ts';
import { type Figure, figureOf, median } from './figure.ts';
import { atOnce, command, SshFleet, type Took } from './ssh-fleet.ts';

export const fleetSize = 200;

/** A program that does the same, with the words that make it do so. */
type SshPeer = {
  readonly name: string;
  readonly file: string;
  readonly argv: (fleet: SshFleet) => readonly string[];
  readonly env?: (fleet: SshFleet) => Readonly<Record<string, string>>;
};

/** Of OpenSSH's client, the same for all that start it; nothing of this machine's own configuration has a say. */
const sshOptions = ({ sshd: { keyFile, port, knownHostsFile } }: SshFleet): string =>
  [
    `-F none -i ${keyFile} -p ${port}`,
    'BatchMode=yes',
    'IdentitiesOnly=yes',
    'ControlMaster=no',
    'LogLevel=ERROR',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${knownHostsFile}`,
    'GlobalKnownHostsFile=/dev/null',
  ].join(' -o ');

const user = ({ sshd }: SshFleet): string => sshd.account.name;

const peers: readonly SshPeer[] = [
  {
    name: 'pssh',
    file: 'parallel-ssh',
    argv: (fleet) => [
      '-i',
      '-t',
      '0',
      '-p',
      `${atOnce}`,
      '-h',
      fleet.hostsFile,
      '-l',
      user(fleet),
      '-x',
      sshOptions(fleet),
      command,
    ],
  },
  {
    name: 'pdsh',
    file: 'pdsh',
    argv: (fleet) => ['-R', 'ssh', '-f', `${atOnce}`, '-l', user(fleet), '-w', `^${fleet.hostsFile}`, command],
    env: (fleet) => ({ PDSH_SSH_ARGS_APPEND: sshOptions(fleet) }),
  },
  {
    name: 'clush',
    file: 'clush',
    argv: (fleet) => [
      '-S',
      '-f',
      `${atOnce}`,
      '-l',
      user(fleet),
      '--hostfile',
      fleet.hostsFile,
      '-o',
      sshOptions(fleet),
      command,
    ],
  },
  {
    name: 'ansible',
    file: 'ansible',
    argv: (fleet) => ['all', '-i', fleet.hostsFile, '-f', `${atOnce}`, '-u', user(fleet), '-m', 'raw', '-a', command],
    env: (fleet) => ({
      ANSIBLE_SSH_ARGS: sshOptions(fleet),
      ANSIBLE_CONFIG: fleet.emptyConfig,
      ANSIBLE_HOME: fleet.home,
      ANSIBLE_NOCOLOR: '1',
    }),
  },
];

/** Told for information: nobody would use it, and nothing that logs in by ssh2 can take less. */
const bareLoop: SshPeer = {
  name: 'bare ssh2 loop',
  file: process.execPath,
  argv: (fleet) => {
    const { keyFile, knownHostsFile, port } = fleet.sshd;
    const script = fileURLToPath(new URL('./ssh-bare-loop.ts', import.meta.url));
    return [script, fleet.hostsFile, keyFile, knownHostsFile, user(fleet), `${port}`];
  },
};

const isHere = (file: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, file)));

/** Installs what is missing where that is allowed. */
function needPeers(): void {
  const missing = (): string[] => peers.map(({ file }) => file).filter((file) => !isHere(file));
  if (missing().length > 0) {
    spawnSync(process.execPath, [join(root, 'build/test-services.mjs'), '--bench'], { stdio: 'inherit' });
  }
  if (missing().length > 0) {
    throw new Error(`not installed: ${missing().join(', ')}`);
  }
}

const timePeer = (fleet: SshFleet, { file, argv, env }: SshPeer): Promise<Took> =>
  fleet.time({ file, argv: argv(fleet), ...(env && { env: env(fleet) }) });

/** The median of the whole time of each peer, as far as they were measured. */
const medians = new Map<SshPeer, number>();

/** Each peer over the fleet, one after the other in each round, and what the fleet's own sshd took meanwhile. */
export async function sshPeers(rounds: number): Promise<Figure[]> {
  needPeers();
  await using fleet = await SshFleet.start(fleetSize);
  const all = [...peers, bareLoop].map((peer) => ({ peer, took: new Array<Took>(), sshdMs: new Array<number>() }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { peer, took, sshdMs } of all) {
      const before = fleet.sshd.cpuMs;
      took.push(await timePeer(fleet, peer));
      sshdMs.push(fleet.sshd.cpuMs - before);
    }
  }
  const figures = all.map(({ peer, took }) => {
    const values = took.map(({ ms }) => ms);
    medians.set(peer, median(values));
    return figureOf({
      name: `${peer.name}: ${command} on ${fleetSize} hosts`,
      unit: 'ms',
      values,
      cpuMs: median(took.map(({ cpuMs }) => cpuMs)),
    });
  });
  const values = all.flatMap(({ sshdMs }) => sshdMs);
  return [...figures, figureOf({ name: 'CPU of sshd, whoever the client is', unit: 'ms', values })];
}

/** The fastest of the peers, by what `sshPeers` has measured, else by one try of each. */
export async function fastestPeer(fleet: SshFleet): Promise<{ name: string; time: () => Promise<Took> }> {
  needPeers();
  for (const peer of peers.filter((each) => !medians.has(each))) {
    medians.set(peer, (await timePeer(fleet, peer)).ms);
  }
  const msOf = (peer: SshPeer): number => medians.get(peer) ?? Number.POSITIVE_INFINITY;
  const fastest = peers.reduce((best, peer) => (msOf(peer) < msOf(best) ? peer : best));
  return { name: fastest.name, time: () => timePeer(fleet, fastest) };
}
