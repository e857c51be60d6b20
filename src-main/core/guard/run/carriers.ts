import { type Bench, nothing, type Scene } from '../bench.ts';
import { isUnknown, mark } from '../marks.ts';
import type { Call } from '../rules/call.ts';
import { judgeEnvironment } from '../rules/judge-environment.ts';
import { pathsOf } from '../rules/linux-path.ts';
import { readOptions } from '../rules/options.ts';
import { contentOf } from '../shell/streams.ts';
import { apart, apartText, type Handler } from './handler.ts';
import { optionValue, unwrap } from './unwrap.ts';
import { type Wrapper, wrappers } from './wrappers.ts';

/** The command that stands in the words of a wrapper such as `sudo` or `timeout`. */
export const runWrapped: Handler = (call, scene, bench) => {
  const wrapper = Object.hasOwn(wrappers, call.name) ? wrappers[call.name] : undefined;
  if (!wrapper) {
    return undefined;
  }
  const inner = { state: scene.state.copy(), input: scene.input };
  settle(call, wrapper, { scene: inner, bench });
  const words = unwrap(call.args, wrapper);
  if (words.length === 0) {
    return isShellOnly(call) ? apart(['sh'], inner, bench) : undefined;
  }
  return wrapper.asText ? apartText(words.join(' '), inner, bench) : apart(words, inner, bench);
};

/** `sudo -s` and the like read commands. */
function isShellOnly({ name, args }: Call): boolean {
  return (
    /^(sudo|chroot|unshare|nsenter|fakeroot)$/.test(name) &&
    (name !== 'sudo' || args.some((word) => /^(-\w*[si]|--shell|--login)$/.test(word)))
  );
}

/** `NAME=value` before the command. */
function settle({ args }: Call, { settings }: Wrapper, { scene, bench }: { scene: Scene; bench: Bench }): void {
  const names: string[] = [];
  for (const word of settings ? args : []) {
    const pair = /^(\w+)=(.*)$/s.exec(word);
    if (pair) {
      scene.state.assignText(pair[1] ?? '', pair[2] ?? '');
      names.push(pair[1] ?? '');
    }
  }
  judgeEnvironment(names, scene, bench);
}

/** Programs that hand the value of an option to a shell: `su -c`, `script -c`, `flock -c`. */
const optionCode =
  (letter: string, ...long: readonly string[]): Handler =>
  ({ args }, scene, bench) => {
    const text = optionValue(args, letter, ...long);
    return text === undefined ? undefined : apartText(text, scene, bench);
  };

const user: Handler = (call, scene, bench) => {
  const given = optionCode('c', 'command', 'session-command')(call, scene, bench);
  if (given) {
    return given;
  }
  const isCommand = call.args.some((word) => word === '--' || word === '-u');
  return isCommand && call.name === 'runuser'
    ? undefined
    : scene.input.text === null || call.name === 'newgrp'
      ? nothing
      : apart(['sh'], scene, bench);
};

const environment: Handler = ({ args }, scene, bench) => {
  const at = args.findIndex((word) => /^(-\w*S|--split-string)/.test(word));
  if (at < 0) {
    return undefined;
  }
  const own = (args[at] ?? '').replace(/^(-\w*?S|--split-string=?)/, '');
  const rest = args.slice(at + 1).map((word) => (own === '' ? word : `'${word}'`));
  return apartText([own, ...rest].filter((word) => word !== '').join(' '), scene, bench);
};

/** Terminals that run a command in a window of their own. */
const terminal: Handler = ({ name, args }, scene, bench) => {
  const verbs =
    name === 'tmux'
      ? /^(new-session|new|new-window|neww|split-window|splitw|respawn-pane|run-shell|run|send-keys|send|if-shell|popup|display-popup)$/
      : /^(-dm\S*|-d|-m|-S|-X|exec|stuff)$/;
  const at = args.findIndex((word) => verbs.test(word));
  const rest = unwrap(args.slice(at + 1), { letters: 'sncxytFeTSXhp' });
  const keys = rest.filter((word) => !/^(Enter|C-m|ENTER)$/.test(word));
  return at < 0 || keys.length === 0
    ? undefined
    : keys.length === 1
      ? apartText(keys[0]?.replace(/\\n|\^M|\n$/g, '') ?? '', scene, bench)
      : apart(keys, scene, bench);
};

/** Timed jobs: five fields, or a word such as `@daily`, and the command. */
const jobs: Handler = ({ args }, scene, bench) => {
  const { operands } = readOptions(args, { letters: 'u' });
  const [file] = operands;
  const text = file === undefined || file === '-' ? scene.input.text : contentOf(file, scene);
  judgeJobs(text ?? '', false, { scene, bench });
  return undefined;
};

type Place = { readonly scene: Scene; readonly bench: Bench };

function judgeJobs(text: string, hasUser: boolean, { scene, bench }: Place): void {
  for (const line of text.split('\n')) {
    const command = /^\s*(?:@\w+|(?:[\d*/,\-A-Za-z\uFDD4]+\s+){4}[\d*/,\-A-Za-z\uFDD4]+)\s+(.+)$/.exec(line)?.[1];
    if (command !== undefined && !isUnknown(line.slice(0, 1))) {
      apartText(
        hasUser ? command.replace(/^\S+\s+/, '') : command,
        { state: scene.state, input: { text: null } },
        bench,
      );
    }
  }
}

const shellFiles =
  /(^|\/)(\.(bash|zsh)?(rc|_profile|_login|_logout|env)|\.profile|profile|bash\.bashrc|profile\.d\/[^/]+|rc\.local|cron\.(hourly|daily|weekly|monthly)\/[^/]+|init\.d\/[^/]+|if-up\.d\/[^/]+)$/;
const jobFiles = /\/(crontab|cron\.d\/[^/]+|spool\/cron\/.+)$/;
const unitFiles = /\/systemd\/(system|user)\/.+\.(service|timer)(\.d\/.+)?$/;

/** Nobody gets in any more. */
const shutOut = /(^|\n)\s*(ALL|sshd)\s*:\s*ALL/i;

/** Judges what was written into a file that runs by itself later. */
export function judgePlanted(path: string, text: string, { scene, bench }: Place): void {
  const inner = { state: scene.state.copy(), input: { text: null } };
  if (path === '/etc/hosts.deny' && shutOut.test(text)) {
    apart(['systemctl', 'stop', 'sshd'], inner, bench);
  } else if (shellFiles.test(path)) {
    bench.inquiry.within(() => bench.runText('shell', text, inner));
  } else if (jobFiles.test(path)) {
    judgeJobs(text, !path.includes('spool'), { scene: inner, bench });
  } else if (unitFiles.test(path)) {
    for (const [, command = ''] of text.matchAll(/^Exec\w+\s*=\s*[-@+!:]*(.+)$/gm)) {
      apartText(command, inner, bench);
    }
  }
}

const later: Handler = ({ args }, scene, bench) => {
  const file = optionValue(args, 'f');
  const text = file === undefined ? scene.input.text : contentOf(file, scene);
  return text === null || args.includes('-l')
    ? undefined
    : apart(['sh'], { state: scene.state, input: { text } }, bench);
};

const gitCommands =
  /^(core\.(sshcommand|pager|editor|fsmonitor|hookspath|askpass|gitproxy|alternaterefscommand)|alias\..+|credential(\..+)?\.helper|diff\.external|sequence\.editor|gpg\.program|filter\..+|(diff|merge|difftool|mergetool)\..+\.(command|cmd|driver|textconv)|pager\..+|uploadpack\.\w+|remote\..+\.(uploadpack|receivepack)|init\.templatedir)$/i;

const git: Handler = ({ args }, scene, bench) => {
  const pairs = args.flatMap((word, index) =>
    args[index - 1] === '-c' || word.startsWith('--config=') ? [word.replace(/^--config=/, '')] : [],
  );
  const at = args.indexOf('config');
  const named = at < 0 ? [] : args.slice(at + 1).filter((word) => !word.startsWith('-'));
  const texts = [...pairs, ...(named.length > 1 ? [`${named[0]}=${named[1]}`] : [])].flatMap((pair) => {
    const [, key = '', value = ''] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    const isOwn = /^(alias|credential)/.test(key) && !value.startsWith('!');
    return gitCommands.test(key) && !isOwn ? [value.replace(/^!/, '')] : [];
  });
  const options = args.flatMap(
    (word) => /^--(?:upload-pack|receive-pack|exec|open-files-in-pager|tool|extcmd)=(.+)$/.exec(word)?.[1] ?? [],
  );
  const transports = args.flatMap((word) => /^ext::(.+)$/.exec(word)?.[1] ?? []);
  const filtered =
    args.includes('filter-branch') || args.includes('rebase') || args.includes('bisect') || args.includes('submodule');
  const inner = filtered
    ? args.filter((_, index) => /^(--\w+-filter|-x|--exec|run|foreach)$/.test(args[index - 1] ?? ''))
    : [];
  for (const text of [...texts, ...options, ...transports, ...inner]) {
    apartText(text, scene, bench);
  }
  return undefined;
};

/** Programs whose words may hold a command behind a certain sign. */
const hidden: readonly (readonly [RegExp, RegExp])[] = [
  [
    /^(bsd|g)?tar$/,
    /^--(?:checkpoint-action=exec|to-command|use-compress-program|info-script|rsh-command|new-volume-script)=(.+)$/s,
  ],
  [
    /^(gdb|lldb|cgdb|ed|ex|vi|vim|nvim|view|less|more|man|ftp|mutt|r?vim|emacs|nano|rview)$/,
    /^[:+]?\s*(?:silent\s*)?(?:!|shell\s|system\s*\(|platform shell\s)\s*(.+)$/s,
  ],
  [/^zip$/, /^(?:-TT=?|--unzip-command=)(.+)$/s],
  [/^rsync$/, /^(?:--rsh|-e|--rsync-path)=(.+)$/s],
  [/^(wget|curl)$/, /^--use-askpass=(.+)$/s],
  [/^(make|gmake)$/, /^--eval=(?:[^:]*:)?\s*(.+)$/s],
];
const hiddenValues: readonly (readonly [RegExp, RegExp])[] = [
  [/^(bsd|g)?tar$/, /^(-I|-F|--checkpoint-action|--to-command)$/],
  [/^zip$/, /^-TT$/],
  [/^rsync$/, /^(-e|--rsh|--rsync-path)$/],
  [/^man$/, /^(-P|-H)$/],
  [/^(scp|sftp)$/, /^-S$/],
  [/^(mutt|xterm|rxvt|urxvt|alacritty|kitty|gnome-terminal|konsole)$/, /^-e$/],
  [/^(sort)$/, /^--compress-program$/],
  [/^(split)$/, /^--filter$/],
  [/^(dpkg|apt|apt-get)$/, /^-o$/],
  [/^(expect)$/, /^-c$/],
  [/^(vagrant|gcloud|fly|flyctl|heroku|az)$/, /^(-c|--command|-C|--scripts)$/],
  [/^(aws)$/, /^--parameters$/],
  [/^(logrotate|lockfile|flock|sg|script|scriptlive|newgrp|capsh)$/, /^(-c|--command)$/],
];

/** What stands where another command runs it. */
export const runHidden: Handler = ({ name, args }, scene, bench) => {
  const found = hidden.flatMap(([tool, sign]) =>
    tool.test(name) ? args.flatMap((word) => sign.exec(word)?.[1] ?? []) : [],
  );
  const valued = hiddenValues.flatMap(([tool, option]) =>
    tool.test(name) ? args.filter((_, index) => option.test(args[index - 1] ?? '')) : [],
  );
  for (const text of [...found, ...valued]) {
    apartText(cleaned(text), scene, bench);
  }
  return undefined;
};

/** Without what the program around it adds. */
function cleaned(text: string): string {
  return text
    .replace(/^exec=/, '')
    .replace(/^commands?=(\["?)?|"?\]$/g, '')
    .replace(/^(?:\w+::)+[\w-]+::?=/, '')
    .replace(/^\s*spawn\s+/, '')
    .replace(/^['"](.*)['"]$/s, '$1');
}

const build: Handler = ({ args }, scene, bench) => {
  settle(
    { name: 'make', args, what: '' },
    { settings: true },
    { scene: { ...scene, state: scene.state.copy() }, bench },
  );
  const file = optionValue(args, 'f', 'file', 'makefile');
  const text =
    file === '-' || file === '/dev/stdin' ? scene.input.text : file === undefined ? null : contentOf(file, scene);
  for (const line of (text ?? '').split('\n')) {
    const command = /^\t[-@+]*(.+)$/.exec(line)?.[1] ?? /^[\w.-]+\s*:[^=;]*;\s*(.+)$/.exec(line)?.[1];
    if (command !== undefined && !isUnknown(command)) {
      apartText(command.replaceAll('$$', '$'), scene, bench);
    }
  }
  return undefined;
};

/** `NAME:PASSWORD` lines; root is one of them, or may be. */
const passwords: Handler = (_, scene, bench) =>
  /(^|\n)root:/.test(scene.input.text ?? '') ? apart(['passwd', 'root'], scene, bench) : undefined;

const daemon: Handler = ({ args }, scene, bench) => {
  const program = optionValue(args, 'x', 'exec', 'startas');
  const at = args.indexOf('--');
  return program === undefined ? undefined : apart([program, ...(at < 0 ? [] : args.slice(at + 1))], scene, bench);
};

const expectScript: Handler = (_, scene, bench) => {
  for (const [, command = ''] of (scene.input.text ?? '').matchAll(/(?:spawn|exec|system)\s+(.+)/g)) {
    apartText(command, scene, bench);
  }
  return undefined;
};

/** What comes in stands in those files afterwards. */
const copies: Handler = ({ args }, scene, bench) => {
  for (const path of readOptions(args).operands) {
    const text = scene.input.text ?? mark.output;
    scene.state.files.set(pathsOf(path, scene.state)[0] ?? path, text);
    bench.wrote(path, text, scene);
  }
  return undefined;
};

/** What was fetched stands in that file afterwards. */
const downloads: Handler = ({ name, args }, { state }) => {
  const named = name === 'wget' ? optionValue(args, 'O', 'output-document') : optionValue(args, 'oHXuAbedT', 'output');
  const urls = args.filter((word) => /^(https?|ftp):/.test(word));
  const isKept = name === 'wget' || args.some((word) => /^-\w*O|^--remote-name/.test(word));
  for (const path of [named, ...(isKept ? urls.map((url) => url.split('/').at(-1)) : [])]) {
    if (path !== undefined && path !== '' && path !== '-') {
      state.files.set(pathsOf(path, state)[0] ?? path, mark.fetched);
    }
  }
  return undefined;
};

const locked: Handler = (call, scene, bench) =>
  call.args.includes('-c') || call.args.includes('--command')
    ? optionCode('cwE', 'command')(call, scene, bench)
    : undefined;

export const carriers: Readonly<Record<string, Handler>> = {
  su: user,
  runuser: user,
  sg: optionCode('c'),
  newgrp: user,
  script: optionCode('cEBIOmT', 'command'),
  flock: locked,
  capsh: ({ args }, scene, bench) => {
    const at = args.indexOf('--');
    return at < 0 ? undefined : apart(['bash', ...args.slice(at + 1)], scene, bench);
  },
  env: environment,
  tmux: terminal,
  screen: terminal,
  chpasswd: passwords,
  crontab: jobs,
  at: later,
  batch: later,
  git,
  tee: copies,
  sponge: copies,
  curl: downloads,
  wget: downloads,
  make: build,
  gmake: build,
  'start-stop-daemon': daemon,
  expect: expectScript,
};
