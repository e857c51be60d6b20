import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drover, startServe, stopServe } from '../e2e/console.ts';
import { loopbackAddresses, startSshd } from '../support/sshd.ts';

/** A node with targets and runs that really ran; every name in it is made up. */
export type DemoFleet = {
  readonly link: string;
  readonly stop: () => Promise<void>;
};

/** Neutral, so that no picture shows where it was made. */
const dataDir = join(tmpdir(), 'drover-demo');

const groups = { web: 8, app: 4, db: 3, cache: 2 } as const;

/** Each machine knows which it is by the address it was reached at. */
const whoAmI = 'set -- $SSH_CONNECTION; n=${3##*.}';

const diskUse = `${whoAmI}
used=$((40 + n * 3))
echo "Filesystem  Size  Used  Use%  Mounted on"
echo "/dev/vda1    40G   \${used}G   \${used}%  /"
[ "$n" -ne 6 ] || { echo "/var/log is full" >&2; exit 2; }`;

const versions = `${whoAmI}
case $((n % 5)) in
  0) echo "nginx version: nginx/1.22.1" ;;
  1) echo "nginx version: nginx/1.26.0"; echo "configuration has warnings" >&2 ;;
  *) echo "nginx version: nginx/1.24.0" ;;
esac`;

const build = `printf '\\033[1mBuilding site\\033[0m\\n'
for step in fetch compile bundle; do printf '\\033[32m✓\\033[0m %s\\n' "$step"; done
printf '\\033[33mwarning\\033[0m two images have no text\\n' >&2
echo "Done: 214 pages"`;

const report = `import json
print(json.dumps({"window": "{{ window }}", "orders": 1284, "late": 3}, indent=2))`;

const rolling = `${whoAmI}
for part in 1 2 3 4 5 6 7 8 9; do echo "part $part of 9 checked"; sleep 120; done`;

/** In this order they become runs 2 to 9; the first one trusted the machines. */
const runs: readonly (readonly string[])[] = [
  ['-t', 'local', '--name', 'build the site', '--', build],
  ['-t', 'tag:web', '--name', 'disk usage', '--', diskUse],
  ['-t', 'tag:web,app', '--name', 'nginx versions', '--batch', '4', '--', versions],
  ['-t', 'local', '--name', 'daily report', '--language', 'python', '--param', 'window=24h', '--', report],
  ['-t', 'tag:db', '--name', 'check replication', '--', 'echo "lag 3 s"; echo "replica is behind" >&2; exit 3'],
  ['-t', 'db1', '--name', 'vacuum', '--timeout', '2', '--', 'echo "vacuum of orders begun"; sleep 60'],
  ['-t', 'tag:old', '--name', 'uptime of old machines', '--', 'uptime -p'],
  ['-t', 'local', '--', 'df -h --output=target,pcent / | tail -1'],
];

async function addTargets(port: number, addresses: readonly string[]): Promise<void> {
  const names = Object.entries(groups).flatMap(([tag, count]) =>
    Array.from({ length: count }, (_, index) => ({ name: `${tag}${index + 1}`, tag })),
  );
  for (const [at, { name, tag }] of names.entries()) {
    const place = ['--address', addresses[at] ?? '127.0.0.1', '--port', String(port), '--credential', 'deploy'];
    const tags = ['--tag', tag, '--tag', at % 2 === 0 ? 'berlin' : 'oslo'];
    await drover(dataDir, ['targets', 'add', name, ...place, ...tags]);
  }
  for (const name of ['legacy1', 'legacy2']) {
    await drover(dataDir, ['targets', 'add', name, '--address', '127.0.0.1', '--port', '1', '--tag', 'old']);
  }
}

/** Starts node and machines and runs everything; the last run goes on while the pictures are taken. */
export async function startDemoFleet(): Promise<DemoFleet> {
  rmSync(dataDir, { recursive: true, force: true });
  const addresses = loopbackAddresses(Object.values(groups).reduce((sum, count) => sum + count, 0));
  const sshd = await startSshd({ addresses });
  const { child, link } = await startServe(dataDir, ['--name', 'herd']);
  const stop = async (): Promise<void> => {
    await stopServe(child);
    await sshd.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await drover(dataDir, ['credential', 'add', 'deploy', '--user', sshd.account.name, '-i', sshd.keyFile]);
    await addTargets(sshd.port, addresses);
    await drover(dataDir, ['exec', '-t', 'tag:berlin,oslo', '--accept-new-host-keys', '--', 'true']);
    for (const words of runs) {
      await drover(dataDir, ['exec', ...words]);
    }
    await drover(dataDir, ['rerun', '6', '--failed']);
    await drover(dataDir, ['exec', '--detach', '-t', 'tag:web', '--name', 'check all parts', '--', rolling]);
    const listed = (await drover(dataDir, ['runs', '--json'])).trim().split('\n');
    if (listed.length !== runs.length + 3) {
      throw new Error(`not all runs of the demo were started: ${listed.join('\n')}`);
    }
    return { link, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
