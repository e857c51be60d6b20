import type { Scene } from '../bench.ts';
import { hasGlob, isUnknown, mark } from '../marks.ts';
import type { Call } from '../rules/call.ts';
import { pathsOf } from '../rules/linux-path.ts';
import { readOptions } from '../rules/options.ts';
import { contentOf } from '../shell/streams.ts';
import { decoded, fromBase32, fromBase64, fromHex } from './decode.ts';
import { filters } from './filters.ts';
import { echoed, formatted } from './printed.ts';

type Printer = (call: Call, scene: Scene) => string;

const fetches: Printer = () => mark.fetched;
const says: Printer = () => mark.some;

const decode =
  (how: (text: string) => string | undefined): Printer =>
  (call, scene) =>
    decoded(inputOf(call, scene), how);

/** What a program reads: the files it names, else its input. */
function inputOf({ args }: Call, scene: Scene, operands = readOptions(args, { letters: 'w' }).operands): string | null {
  const files = operands.filter((word) => word !== '-');
  return files.length > 0 ? files.map((file) => contentOf(file, scene) ?? '').join('') : scene.input.text;
}

const base64: Printer = (call, scene) =>
  call.args.some((word) => /^-\w*[dD]$|^-\w*d\w*$|^--d/.test(word)) ? decode(fromBase64)(call, scene) : mark.some;

const dirname: Printer = ({ args }) =>
  `${args.map((path) => (/^[^/]*$/.test(path) ? '.' : path.replace(/\/+$/, '').replace(/\/[^/]*$/, '') || '/')).join('\n')}\n`;

const basename: Printer = ({ args: [path = '', suffix = ''] }) => {
  const last = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return `${suffix !== '' && last.endsWith(suffix) ? last.slice(0, -suffix.length) : last}\n`;
};

const sequence: Printer = ({ args }) => {
  const numbers = args.filter((word) => /^-?\d+$/.test(word)).map(Number);
  const [first = 1, last = 0] = numbers.length === 1 ? [1, numbers[0]] : [numbers[0], numbers.at(-1)];
  const step = numbers.length === 3 ? (numbers[1] ?? 1) : 1;
  const count = Math.min(256, Math.max(0, Math.floor((last - first) / (step || 1)) + 1));
  return numbers.length === args.length
    ? Array.from({ length: count }, (_, index) => `${first + index * step}\n`).join('')
    : mark.some;
};

const realPath: Printer = ({ args }, { state }) => {
  const { operands } = readOptions(args);
  const [first = ''] = operands;
  return isUnknown(first) ? `${first}\n` : `${pathsOf(first, state)[0] ?? ''}\n`;
};

/** The numbers of all processes, the first among them. */
const processes: Printer = ({ name, args }) => {
  const line = args.join(' ');
  if (name === 'ps') {
    return /(^|\s)-?\w*[eAx]|^-?aux/.test(line)
      ? /(-o|o)\s*pid/.test(line)
        ? '1\n'
        : `root 1 ${mark.some}\n`
      : mark.output;
  }
  const isInit = /(^|\s)\^?(systemd|init|\.|\.\*|\^|)\$?$/.test(line);
  return isInit ? '1\n' : mark.output;
};

const list: Printer = ({ args }, { state }) => {
  const { operands } = readOptions(args, { letters: 'IwT' });
  if (operands.some(hasGlob) || args.some((word) => /^-\w*d/.test(word))) {
    return `${operands.join('\n')}\n`;
  }
  const folders = operands.length > 0 ? operands : ['.'];
  return folders.every((folder) => pathsOf(folder, state).length > 0) ? `${mark.star}\n` : mark.output;
};

const find: Printer = ({ args }) => {
  const first = args.findIndex((word) => /^[-(!]/.test(word));
  const paths = (first < 0 ? args : args.slice(0, first)).filter((word) => !word.startsWith('-'));
  const isNarrow = args.some((word) => /^-(i?name|i?path|[acm]time|[acm]min|size|newer\w*|user|regex)$/.test(word));
  const starts = paths.length > 0 ? paths : ['.'];
  const end = args.includes('-print0') ? '\0' : '\n';
  const isStrict = (path: string): boolean => /^\/(bin|boot|etc|lib\w*|sbin|usr)?\/*$/.test(path);
  return starts
    .flatMap((path) =>
      isNarrow && !isStrict(path)
        ? [`${path}/${mark.some}`]
        : [path, `${path}/${mark.star}`, `${path}/${mark.star}/${mark.star}`],
    )
    .map((path) => path + end)
    .join('');
};

const openssl: Printer = (call, scene) => {
  const { args } = call;
  if (args[0] === 's_client') {
    return mark.network;
  }
  const isDecoding = args.includes('-d') || args.includes('-D');
  const isBase64 =
    (args[0] === 'base64' || args.includes('-base64') || args.includes('-a')) &&
    !args.some((word) => /^-(aes|des|k|pass)/.test(word));
  return isDecoding ? (isBase64 ? decoded(scene.input.text, fromBase64) : mark.fetched) : mark.some;
};

const hex: Printer = (call, scene) =>
  call.args.some((word) => /^-\w*r/.test(word)) ? decoded(scene.input.text, fromHex) : mark.output;

const yes: Printer = ({ args }) => `${args.length > 0 ? args.join(' ') : 'y'}\n`.repeat(2);

const expr: Printer = ({ args }) => {
  const [left = '', operator = '', right = ''] = args;
  const numbers = [Number(left), Number(right)] as const;
  const made = { '+': numbers[0] + numbers[1], '-': numbers[0] - numbers[1], '*': numbers[0] * numbers[1] }[operator];
  return made === undefined || Number.isNaN(made) ? mark.some : `${made}\n`;
};

/** The names of all containers or volumes, unless a filter picks some. */
const docker: Printer = ({ args }) => {
  const isList =
    args.some((word) => /^(ps|ls|images)$/.test(word)) && args.some((word) => /^-\w*q|^--quiet/.test(word));
  return isList && !args.some((word) => /^(--filter|-\w*f)/.test(word)) ? '(all)\n' : mark.output;
};

const unpack: Printer = ({ args }) =>
  args.some((word) => /^(-\w*[dcf]|--(decompress|stdout|decrypt|to-stdout)|-O|-p)/.test(word)) ? mark.fetched : '';

const remotes = [
  'curl',
  'wget',
  'fetch',
  'lynx',
  'links',
  'w3m',
  'nc',
  'ncat',
  'netcat',
  'socat',
  'telnet',
  'ftp',
  'lftp',
  'aria2c',
  'http',
  'https',
  'xh',
  'dig',
  'host',
  'nslookup',
  'drill',
  'tftp',
  'GET',
  'axel',
  'elinks',
  'gsutil',
  's3cmd',
  'smbclient',
  'rclone',
];
const unpackers = [
  'gunzip',
  'zcat',
  'gzip',
  'bzcat',
  'bzip2',
  'bunzip2',
  'xz',
  'xzcat',
  'unxz',
  'zstd',
  'zstdcat',
  'lz4',
  'uudecode',
  'gpg',
  'age',
  'sops',
  'unzip',
  '7z',
  'tar',
  'steghide',
  'ccrypt',
  'mcrypt',
  'brotli',
];
const sayers = [
  'hostname',
  'whoami',
  'id',
  'uname',
  'date',
  'nproc',
  'stat',
  'wc',
  'arch',
  'logname',
  'tty',
  'getconf',
  'uuidgen',
  'md5sum',
  'sha1sum',
  'sha256sum',
  'sha512sum',
  'du',
  'df',
  'free',
  'uptime',
  'lsb_release',
  'pwgen',
  'mcookie',
  'cksum',
  'nice',
  'umask',
  'file',
  'getent',
];

const table: Readonly<Record<string, Printer>> = {
  echo: ({ args }) => echoed(args),
  printf: ({ args }) => formatted(args),
  base64,
  b64decode: decode(fromBase64),
  base32: (call, scene) =>
    call.args.some((word) => /^-\w*[dD]|^--d/.test(word)) ? decode(fromBase32)(call, scene) : mark.some,
  basenc: base64,
  xxd: hex,
  openssl,
  dirname,
  basename,
  seq: sequence,
  realpath: realPath,
  readlink: realPath,
  pwd: (_, { state }) => `${state.folders[0] ?? ''}\n`,
  which: ({ args }) => `${args.filter((word) => !word.startsWith('-')).join('\n')}\n`,
  mktemp: ({ args }) => (args.some((word) => word.startsWith('/')) ? `${args.at(-1) ?? ''}\n` : `/tmp/${mark.some}\n`),
  ps: processes,
  pgrep: processes,
  pidof: processes,
  ls: list,
  dir: list,
  find,
  yes,
  expr,
  docker,
  podman: docker,
  jot: sequence,
  ...Object.fromEntries(remotes.map((name) => [name, fetches])),
  ...Object.fromEntries(unpackers.map((name) => [name, unpack])),
  ...Object.fromEntries(sayers.map((name) => [name, says])),
};

/** What a command prints, as far as its words and what it reads tell. */
export function knownOutput(call: Call, scene: Scene): string {
  const { name, args } = call;
  const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
  if (filter) {
    const text = filterInput(call, scene);
    return text === null
      ? ''
      : isUnknown(text) && !/^(cat|head|tail|sort|uniq|tee|grep|egrep|tac)$/.test(name)
        ? filteredUnknown(text, call)
        : filter(text, args);
  }
  const printer = Object.hasOwn(table, name) ? table[name] : undefined;
  return printer ? printer(call, scene) : `${mark.output}\n`;
}

/** Where the words after the options begin to be files. */
const firstFile: Readonly<Record<string, number>> = {
  tr: Number.POSITIVE_INFINITY,
  sed: 1,
  gsed: 1,
  awk: 1,
  gawk: 1,
  mawk: 1,
  grep: 1,
  egrep: 1,
  fgrep: 1,
  tee: Number.POSITIVE_INFINITY,
  dd: Number.POSITIVE_INFINITY,
};

function filterInput(call: Call, scene: Scene): string | null {
  const options = readOptions(call.args, {
    letters: call.name === 'cut' ? 'dfcb' : /^(head|tail)$/.test(call.name) ? 'nc' : 'efFvmABCkt',
  });
  const files = options.operands.slice(firstFile[call.name] ?? 0);
  return call.name === 'paste' ? inputOf(call, scene, []) : inputOf(call, scene, files);
}

/** Changing what is not known leaves it so; what came from elsewhere still did. */
function filteredUnknown(text: string, { name, args }: Call): string {
  if (/[\uFDD3\uFDDA]/.test(text)) {
    return text.replace(/[^\uFDD3\uFDDA]/g, '');
  }
  return filters[name] ? textOrOutput(filters[name](text, args)) : mark.output;
}

function textOrOutput(text: string): string {
  return text === '' ? mark.output : text;
}
