import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/** An account that a test logs in to. */
export type TestAccount = {
  readonly name: string;
  readonly home: string;
  readonly shell: string;
  /** Null where only a key opens it. */
  readonly password: string | null;
};

type Planned = { readonly shell: string; readonly files?: Readonly<Record<string, string>>; readonly sudoers?: string };

/** `/etc/passwd` has this beside the accounts made here; one of the same name without it belongs to a person. */
const mark = 'Account of the tests of Drover';
const folder = '/run/drover-test-accounts';

const noise = (file: string): string => `echo "noise of ${file}"\necho "more noise of ${file}" >&2\n`;
const noisy = (...files: string[]): Record<string, string> =>
  Object.fromEntries(files.map((file) => [file, noise(file)]));

const plan = {
  'drover-test': { shell: '/bin/dash' },
  'drover-bash': { shell: '/bin/bash', files: noisy('.bashrc', '.profile') },
  'drover-zsh': { shell: '/bin/zsh', files: noisy('.zshenv', '.zprofile', '.zshrc') },
  'drover-fish': {
    shell: '/usr/bin/fish',
    files: { '.config/fish/config.fish': noise('config.fish') },
  },
  // The C shell cannot write to standard error by itself.
  'drover-csh': {
    shell: '/bin/csh',
    files: { '.cshrc': 'echo "noise of .cshrc"\n', '.login': 'echo "noise of .login"\n' },
  },
  'drover-sudo': { shell: '/bin/dash', sudoers: 'drover-sudo ALL=(ALL:ALL) NOPASSWD: ALL' },
  'drover-sudo-pw': {
    shell: '/bin/dash',
    sudoers: 'Defaults:drover-sudo-pw timestamp_timeout=0\ndrover-sudo-pw ALL=(ALL:ALL) ALL',
  },
  'drover-sudo-tty': {
    shell: '/bin/dash',
    sudoers: 'Defaults:drover-sudo-tty requiretty\ndrover-sudo-tty ALL=(ALL:ALL) NOPASSWD: ALL',
  },
} as const satisfies Record<string, Planned>;

export type AccountName = keyof typeof plan;
export type TestAccounts = Readonly<Record<AccountName, TestAccount>>;

const planned = Object.entries<Planned>(plan);
const homeOf = (name: string): string => `/home/${name}`;

/** Renewed when what is made here changes, and by a restart of the machine, which empties /run. */
const stateFile = `${folder}/${createHash('sha256').update(JSON.stringify(plan)).digest('hex').slice(0, 12)}.json`;

const heredoc = (file: string, text: string): string =>
  `cat >'${file}' <<'END_OF_FILE'\n${text.trimEnd()}\nEND_OF_FILE\n`;

function accountLines([name, { shell, files = {}, sudoers }]: [string, Planned]): string {
  const home = homeOf(name);
  const make = `useradd --create-home --home-dir ${home} --skel ${folder}/skel --comment '${mark}' --shell ${shell} ${name}`;
  const written = Object.entries(files).map(([file, text]) => {
    const [path, parent] = [`${home}/${file}`, `${home}/${file}`.replace(/\/[^/]*$/, '')];
    return `mkdir -p '${parent}'\n${heredoc(path, text)}`;
  });
  const rule = `/etc/sudoers.d/${name}`;
  return [
    `case "$(getent passwd ${name})" in`,
    `  '') ${make} ;;`,
    `  *:'${mark}':*) usermod --shell ${shell} ${name} ;;`,
    `  *) echo 'There is an account ${name} that the tests have not made' >&2; exit 1 ;;`,
    'esac',
    ...written,
    `chown -R ${name}: ${home}`,
    // Sudo reads no file whose name ends in ~, so none is ever half written.
    ...(sudoers === undefined ? [] : [heredoc(`${rule}~`, sudoers), `chmod 440 ${rule}~`, `mv ${rule}~ ${rule}`]),
  ].join('\n');
}

/** Standard input of a shell: nothing of it, passwords above all, is seen in a list of processes. */
function script(accounts: TestAccounts): string {
  const passwords = Object.values(accounts).map(({ name, password }) => `${name}:${password}`);
  return `set -eu
umask 022
mkdir -p ${folder}/skel
exec 9>${folder}/lock
flock 9
if [ -e ${stateFile} ] && getent passwd ${planned.map(([name]) => name).join(' ')} >/dev/null; then exit 0; fi
${planned.map(accountLines).join('\n')}
chpasswd <<'END_OF_FILE'
${passwords.join('\n')}
END_OF_FILE
umask 077
${heredoc(`${stateFile}~`, JSON.stringify(accounts))}
mv ${stateFile}~ ${stateFile}
`;
}

const newAccounts = (): TestAccounts =>
  Object.fromEntries(
    planned.map(([name, { shell }]) => [
      name,
      { name, home: homeOf(name), shell, password: randomBytes(12).toString('hex') },
    ]),
  ) as TestAccounts;

let known: TestAccounts | undefined;

/**
 * The accounts of this machine that tests may log in to, made when they are missing, which only root can do. All workers
 * share them and their random passwords, which only root can read; they stay until somebody removes them (`userdel -r`).
 *
 * @throws Error with what the system said when they cannot be made
 */
export function testAccounts(): TestAccounts {
  known ??= stored() ?? made();
  return known;
}

function stored(): TestAccounts | undefined {
  if (!existsSync(stateFile)) {
    return undefined;
  }
  const passwd = readFileSync('/etc/passwd', 'utf8');
  if (!planned.every(([name]) => passwd.includes(`\n${name}:`))) {
    return undefined;
  }
  return JSON.parse(readFileSync(stateFile, 'utf8')) as TestAccounts;
}

function made(): TestAccounts {
  const { status, stderr } = spawnSync('sh', ['-s'], { input: script(newAccounts()), encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`the accounts of the tests could not be made: ${stderr}`);
  }
  const accounts = stored();
  if (!accounts) {
    throw new Error(`${stateFile} was not written`);
  }
  return accounts;
}

/** The account that runs the tests, which is the only one an sshd without root can let in. */
export function ownAccount(): TestAccount {
  const { username, homedir, shell } = userInfo();
  return { name: username, home: homedir, shell: shell ?? '/bin/sh', password: null };
}
