import type { Bench, Outcome, Scene } from '../bench.ts';
import { mark } from '../marks.ts';
import { interpreterOf } from '../run/interpreters.ts';
import { fromEncodedCommand } from '../run/decode.ts';
import { structureRules } from '../rules/structure-rules.ts';
import { isHidden, judgeWindowsEffect, judgeWindowsWords, type WindowsCall } from './judge-windows.ts';
import type { EffectKind } from '../rules/rule.ts';

type Place = { readonly scene: Scene; readonly bench: Bench };

const out: Outcome = { out: mark.output, status: 'unknown' };

/** Runs a program of Windows, from cmd and from PowerShell alike. */
export function runNative(call: WindowsCall, { scene, bench }: Place): Outcome {
  bench.inquiry.spend();
  bench.inquiry.commands += 1;
  const name =
    call.name
      .replaceAll('/', '\\')
      .split('\\')
      .at(-1)
      ?.toLowerCase()
      .replace(/\.(exe|com|cmd|bat)$/, '') ?? '';
  judgeWindowsWords({ ...call, name }, bench);
  const place = { scene, bench };
  const paths = call.args.filter((word) => !isSwitch(word));
  const touch = (kind: EffectKind, list: readonly string[]): void => {
    for (const path of list) {
      judgeWindowsEffect({ kind, path, what: `${name} ${call.args.join(' ')}` }, call.folder, place);
    }
  };
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
  reader?.({ ...call, name }, paths, touch);
  return runInner({ ...call, name }, place) ?? out;
}

function isSwitch(word: string): boolean {
  return /^\/[a-z?]{1,12}(:.*)?$/i.test(word) || word.startsWith('-');
}

type Touch = (kind: EffectKind, paths: readonly string[]) => void;
type Reader = (call: WindowsCall, paths: readonly string[], touch: Touch) => void;

const has = (args: readonly string[], letter: string): boolean =>
  args.some((word) => new RegExp(`^(/\\w)*/${letter}(/|:|$)|^-${letter}$`, 'i').test(word));

const deleteFiles: Reader = ({ args }, paths, touch) => {
  const isTree = has(args, 's');
  touch(
    isTree ? 'delete-tree' : 'delete',
    isTree ? paths : paths.flatMap((path) => (/[\\/]$|^[a-z]:$/i.test(path) ? [`${path}*`] : [path])),
  );
};

const mirrors: Reader = ({ args }, paths, touch) => {
  const target = paths[1];
  const isMirror = args.some((word) => /^\/(mir|purge)$/i.test(word));
  const isTree = args.some((word) => /^\/(e|s)$/i.test(word));
  touch(
    isMirror ? 'delete-tree' : isTree ? 'unpack' : 'replace',
    target === undefined ? [] : [isMirror || isTree ? target : `${target}\\…`],
  );
  touch('delete-tree', args.some((word) => /^\/move?$/i.test(word)) ? paths.slice(0, 1) : []);
};

const rights: Reader = ({ args }, paths, touch) => {
  const changes = args.some((word) =>
    /^[/-](grant|deny|reset|setowner|remove|inheritance|setintegritylevel|restore|g|p|d|r|e)(:.*)?$/i.test(word),
  );
  const isTree =
    args.some((word) => /^[/-]t$/i.test(word)) || /^[a-z]:\\?$|windows\\?$|system32\\?$/i.test(paths[0] ?? '');
  touch('mode-tree', changes && isTree ? paths.slice(0, 1) : []);
};

const readers: Readonly<Record<string, Reader>> = {
  rd: ({ args }, paths, touch) => touch('delete-tree', has(args, 's') ? paths : []),
  rmdir: ({ args }, paths, touch) => touch('delete-tree', has(args, 's') ? paths : []),
  del: deleteFiles,
  erase: deleteFiles,
  deltree: (_, paths, touch) => touch('delete-tree', paths),
  move: (_, paths, touch) => {
    touch('move', paths.slice(0, 1));
    touch('replace', paths.slice(1, 2));
  },
  ren: (_, paths, touch) => touch('move', paths.slice(0, 1)),
  rename: (_, paths, touch) => touch('move', paths.slice(0, 1)),
  copy: (_, paths, touch) => touch('replace', paths.slice(1).slice(-1)),
  xcopy: ({ args }, paths, touch) => touch(has(args, 's') || has(args, 'e') ? 'unpack' : 'replace', paths.slice(1, 2)),
  robocopy: mirrors,
  takeown: ({ args }, _, touch) => {
    const at = args.findIndex((word) => /^[/-]f$/i.test(word));
    touch(
      'owner-tree',
      has(args, 'r') || /^[a-z]:\\?$|windows\\?$|system32/i.test(args[at + 1] ?? '') ? args.slice(at + 1, at + 2) : [],
    );
  },
  icacls: rights,
  cacls: rights,
  xcacls: rights,
  subinacl: rights,
  attrib: ({ args }, paths, touch) =>
    touch(
      'mode-tree',
      has(args, 's') && args.some((word) => /^[-+][shr]$/i.test(word))
        ? paths.filter((path) => !/^[-+]/.test(path))
        : [],
    ),
  compact: ({ args }, paths, touch) => touch('mode-tree', has(args, 's') ? paths : []),
  tar: ({ args }, paths, touch) => {
    const at = args.indexOf('-C');
    touch(
      'unpack',
      args.some((word) => /^-?\w*x/.test(word)) ? (at < 0 ? [] : paths.filter((path) => path === args[at + 1])) : [],
    );
  },
  expand: (_, paths, touch) => touch('unpack', paths.slice(1).slice(-1)),
  mklink: () => undefined,
  dd: ({ args }, _, touch) =>
    touch(
      'write',
      args.filter((word) => word.startsWith('of=')).map((word) => word.slice(3)),
    ),
  fsutil: ({ args }, _, touch) =>
    touch(
      'write',
      /^file$/i.test(args[0] ?? '') && /^(setzerodata|createnew|seteof)$/i.test(args[1] ?? '')
        ? args.slice(2).filter((word) => /^[a-z]:/i.test(word))
        : [],
    ),
  curl: ({ args }, _, touch) => {
    const at = args.findIndex((word) => /^(-o|--output)$/.test(word));
    touch('write', at < 0 ? [] : args.slice(at + 1, at + 2));
  },
  rm: ({ args }, paths, touch) => touch(args.some((word) => /^-\w*[rR]/.test(word)) ? 'delete-tree' : 'delete', paths),
};

type Inner = (call: WindowsCall, place: Place) => Outcome | undefined;

const inner: Readonly<Record<string, Inner>> = {
  cmd: ({ args }, place) => runCmd(args, place),
  powershell: ({ args }, place) => runPowershell(args, place),
  pwsh: ({ args }, place) => runPowershell(args, place),
  forfiles: ({ args }, place) =>
    runText('cmd', valueAfter(args, 'c')?.replaceAll(/@(path|file)/gi, `${valueAfter(args, 'p') ?? '.'}\\*`), place),
  schtasks: ({ args }, place) => runText('cmd', valueAfter(args, 'tr'), place),
  at: ({ args }, place) => runText('cmd', args.filter((word) => !/^\d|^[/\\]/.test(word)).join(' '), place),
  sc: ({ args }, place) => runText('cmd', /binpath=\s*(.+)$/i.exec(args.join(' '))?.[1], place),
  wmic: ({ args }, place) =>
    runText(
      'cmd',
      /process\s+call\s+create\s+(.+)$/i.exec(args.join(' '))?.[1]?.replace(/^["'](.*)["']$/, '$1'),
      place,
    ),
  ssh: ({ args }, { scene, bench }) => bench.runWords(['ssh', ...args], scene),
  ...Object.fromEntries(
    ['start', 'call', 'runas', 'psexec', 'psexec64', 'sudo', 'gsudo', 'nircmd', 'wsl', 'bash'].map((name) => [
      name,
      runWrapped,
    ]),
  ),
};

/** Programs that run what stands in their words. */
function runInner(call: WindowsCall, place: Place): Outcome | undefined {
  const own = Object.hasOwn(inner, call.name) ? inner[call.name] : undefined;
  return own ? own(call, place) : runOther(call, place);
}

function runOther({ name, args }: WindowsCall, { scene, bench }: Place): Outcome | undefined {
  if (
    /^(nc|ncat|netcat|socat|kubectl|docker|aws|az|gcloud|terraform|mysql|psql|sqlcmd|mongosh|redis-cli|helm|git|vagrant|pulumi|dropdb)$/.test(
      name,
    ) ||
    (interpreterOf(name) && !name.endsWith('sh'))
  ) {
    return bench.runWords([name, ...args], scene);
  }
  return undefined;
}

function valueAfter(args: readonly string[], letter: string): string | undefined {
  const at = args.findIndex((word) => new RegExp(`^[/-]${letter}$`, 'i').test(word));
  return at < 0 ? undefined : args[at + 1]?.replace(/^"(.*)"$/, '$1');
}

function runText(
  language: 'cmd' | 'powershell' | 'shell',
  text: string | undefined,
  { scene, bench }: Place,
): Outcome | undefined {
  return text === undefined || text === ''
    ? undefined
    : bench.inquiry.within(() => bench.runText(language, text, scene));
}

function runCmd(args: readonly string[], place: Place): Outcome | undefined {
  const at = args.findIndex((word) => /^\/[ckr]/i.test(word));
  if (at < 0) {
    return place.scene.input.text === null ? undefined : runText('cmd', place.scene.input.text, place);
  }
  const glued = (args[at] ?? '').replace(/^\/[ckr]/i, '');
  const text = [glued, ...args.slice(at + 1)].filter((word) => word !== '').join(' ');
  return runText('cmd', text.replace(/^"(.*)"$/s, '$1'), place);
}

/** `-EncodedCommand` and its beginnings, `-Command`, or words that are a command themselves. */
function runPowershell(args: readonly string[], place: Place): Outcome | undefined {
  const [word, ...rest] = args;
  if (word === undefined) {
    return readCommands(place);
  }
  const [, option, glued] = /^[-/–—](\w+)(?::(.*))?$/.exec(word) ?? [];
  if (option === undefined) {
    return /\.ps1["']?$/i.test(word) ? undefined : runCommand(args, place);
  }
  const given = glued === undefined ? rest : [glued];
  switch (meaningOf(option.toLowerCase())) {
    case 'encoded':
      return runEncoded(given.slice(0, 1).join(''), place);
    case 'command':
      return runCommand(given, place);
    case 'file':
      return undefined;
    case 'value':
      return runPowershell(rest.slice(glued === undefined ? 1 : 0), place);
    case 'switch':
      return runPowershell(rest, place);
  }
}

function readCommands(place: Place): Outcome | undefined {
  const { text } = place.scene.input;
  return text === null ? undefined : runCommand([text], place);
}

function meaningOf(option: string): 'encoded' | 'command' | 'file' | 'value' | 'switch' {
  if (option === 'ec' || (option.startsWith('e') && 'encodedcommand'.startsWith(option))) {
    return 'encoded';
  }
  if ('command'.startsWith(option)) {
    return 'command';
  }
  if ('file'.startsWith(option)) {
    return 'file';
  }
  return takesValue.some((known) => known.startsWith(option)) ? 'value' : 'switch';
}

function runEncoded(value: string, place: Place): Outcome | undefined {
  const text = fromEncodedCommand(value);
  return text === undefined ? hide(value, place) : runText('powershell', text, place);
}

const takesValue = [
  'executionpolicy',
  'ep',
  'ex',
  'windowstyle',
  'version',
  'inputformat',
  'outputformat',
  'psconsolefile',
  'configurationname',
  'workingdirectory',
  'wd',
];

function hide(text: string, { bench }: Place): Outcome {
  bench.inquiry.hit(structureRules.opaqueCode, `-EncodedCommand ${text}`);
  return out;
}

function runCommand(words: readonly string[], place: Place): Outcome | undefined {
  const text = words.join(' ').replace(/^"(.*)"$/s, '$1');
  if (text === '-') {
    return place.scene.input.text === null ? undefined : runText('powershell', place.scene.input.text, place);
  }
  return isHidden(text) ? hide(text, place) : runText('powershell', text, place);
}

function runWrapped({ name, args, folder }: WindowsCall, place: Place): Outcome | undefined {
  const skipped = args.findIndex(
    (word, index) =>
      !isSwitch(word) &&
      !word.startsWith('\\\\') &&
      !(name === 'start' && index === 0 && /^".*"$/.test(word)) &&
      !/^-(u|p|e|d|h|n)$/.test(args[index - 1] ?? ''),
  );
  const words = skipped < 0 ? [] : args.slice(skipped);
  const [first = '', ...rest] = words;
  if (first === '') {
    return undefined;
  }
  if (name === 'wsl' || name === 'bash') {
    return place.bench.runWords(name === 'bash' ? ['bash', ...args] : words, place.scene);
  }
  if (name === 'runas') {
    return runText('cmd', words.join(' ').replace(/^"(.*)"$/s, '$1'), place);
  }
  return runNative({ name: first.replace(/^"(.*)"$/, '$1'), args: rest, folder }, place);
}
