// Installs what the tests drive for real, where this is allowed (root on Debian or Ubuntu), else names what is missing.
// It never fails: a test whose service is missing is skipped aloud, and fails under CI=true.
// `--bench` adds the programs that the measurements are held against, which no test needs.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { requireNode } from '../bin/require-node.mjs';
import { runCommand } from './run-command.mjs';

requireNode('npm test');

// Accounts without a login shell often lack the sbin folders.
const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
const onPath = (name) => folders.some((folder) => folder !== '' && existsSync(join(folder, name)));
const executable = (name, debianPackage = name) => ({ debianPackage, isHere: () => onPath(name) });
const font = (family, debianPackage) => ({
  debianPackage,
  isHere: () => spawnSync('fc-list : family', { shell: true, encoding: 'utf8' }).stdout.includes(family),
});

const services = [
  { debianPackage: 'chromium', isHere: () => onPath('chromium') || existsSync('/usr/lib/chromium/chromium') },
  executable('bash'),
  executable('dash'),
  executable('zsh'),
  executable('fish'),
  executable('csh', 'tcsh'),
  executable('ssh', 'openssh-client'),
  executable('sshd', 'openssh-server'),
  executable('sudo'),
  executable('ip', 'iproute2'),
  executable('unshare', 'util-linux'),
  executable('ps', 'procps'),
  executable('curl'),
  executable('fc-list', 'fontconfig'),
  font('Noto Color Emoji', 'fonts-noto-color-emoji'),
  font('Noto Sans CJK', 'fonts-noto-cjk'),
  ...(process.argv.includes('--bench')
    ? [
        executable('parallel-ssh', 'pssh'),
        executable('pdsh'),
        executable('clush', 'clustershell'),
        executable('ansible', 'ansible-core'),
      ]
    : []),
];

const missingPackages = () => services.filter(({ isHere }) => !isHere()).map(({ debianPackage }) => debianPackage);
const mayInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version') && onPath('apt-get');
const apt = 'apt-get -q -o DPkg::Lock::Timeout=120 -o Acquire::http::Timeout=30';
const env = { DEBIAN_FRONTEND: 'noninteractive' };

/** What Debian asks before it starts a service; 101 is no. */
const policy = '/usr/sbin/policy-rc.d';

/** Runs `act` while no package may start its service: the tests start an sshd of their own and the machine keeps what it had. */
async function withoutServices(act) {
  if (existsSync(policy)) {
    return act();
  }
  const remove = () => rmSync(policy, { force: true });
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  process.once('exit', remove);
  try {
    return await act();
  } finally {
    process.off('exit', remove);
    remove();
  }
}

async function install(packages) {
  const bringsSshd = packages.includes('openssh-server') && !onPath('sshd');
  const { code, output } = await withoutServices(() =>
    runCommand(`${apt} install -y --no-install-recommends ${packages.join(' ')}`, { env }),
  );
  if (bringsSshd && onPath('sshd') && onPath('systemctl')) {
    // Else it would run from the next start of the machine on.
    await runCommand('systemctl disable ssh.service ssh.socket');
  }
  if (code !== 0) {
    process.stdout.write(`apt-get could not install ${packages.join(', ')}:\n${output.trimEnd()}\n`);
  }
}

/** Whether every source of packages answered; apt-get alone calls it a success when none did. */
async function update() {
  const { code } = await runCommand(`${apt} -o APT::Update::Error-Mode=any update`, { env });
  return code === 0;
}

async function installMissing() {
  const first = missingPackages();
  process.stdout.write(`Installing for the tests: ${first.join(', ')}\n`);
  await update();
  await install(first);
  const second = missingPackages();
  if (second.length === 0) {
    return;
  }
  // One by one, because apt-get installs nothing at all when a single name is unknown to it; without a network each would wait.
  const attempts = (await update()) ? second.map((name) => [name]) : [second];
  for (const names of attempts) {
    await install(names);
  }
}

if (mayInstall && missingPackages().length > 0) {
  await installMissing();
}
const missing = missingPackages();
if (missing.length > 0) {
  process.stdout.write(
    `Missing for the tests: ${missing.join(', ')}. On Debian or Ubuntu: sudo apt-get install ${missing.join(' ')}; ` +
      'elsewhere install the programs of these names. Tests that need them are skipped.\n',
  );
}
