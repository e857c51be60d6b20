import type { Bench, Outcome, Scene } from '../bench.ts';
import { isUnknown, mark } from '../marks.ts';
import { readOptions } from '../rules/options.ts';
import { contentOf } from '../shell/streams.ts';
import { apart, apartText, type Handler } from './handler.ts';

const unknown: Outcome = { out: mark.output, status: 'unknown' };
const maximumItems = 64;

/** `xargs`: the words of its input become words of the command. */
const xargs: Handler = (call, scene, bench) => {
  const options = readOptions(beforeCommand(call.args, 'adEIiLlnPs'), {
    letters: 'adEILnPs',
    long: ['arg-file', 'delimiter', 'replace', 'max-lines', 'max-args', 'max-procs', 'max-chars'],
  });
  const words = call.args.slice(beforeCommand(call.args, 'adEIiLlnPs').length);
  const [file] = options.valuesOf('a', 'arg-file');
  const text = file === undefined ? scene.input.text : contentOf(file, scene);
  const items = itemsOf(text, options.has('0', 'null') ? '\0' : options.valuesOf('d', 'delimiter')[0]);
  const command = words.length === 0 ? ['echo'] : words;
  const place = options.valuesOf('I', 'replace')[0] ?? (options.has('i', 'replace') ? '{}' : undefined);
  const inner = { state: scene.state, input: { text: null } };
  if (place !== undefined) {
    const lines = text === null || isUnknown(text) ? items : text.replace(/\n$/, '').split('\n');
    return runEach(
      lines.map((line) => command.map((word) => word.replaceAll(place, line))),
      inner,
      bench,
    );
  }
  return apart([...command, ...items], inner, bench);
};

/** The words that belong to the program itself. */
function beforeCommand(args: readonly string[], letters: string): readonly string[] {
  let at = 0;
  for (let word = args[0] ?? ''; /^-./.test(word) && word !== '--'; word = args[at] ?? '') {
    at += takesNext(word, letters) ? 2 : 1;
  }
  return args.slice(0, args[at] === '--' ? at + 1 : at);
}

function takesNext(word: string, letters: string): boolean {
  if (word.startsWith('--')) {
    return /^--(arg-file|delimiter|max-args|max-procs|max-lines|max-chars)$/.test(word);
  }
  const last = word.slice(-1);
  return letters.includes(last) && !/[il]/.test(last) && !/^-\w\d+$/.test(word);
}

function itemsOf(text: string | null, delimiter: string | undefined): string[] {
  if (text === null) {
    return [mark.output];
  }
  const separator = delimiter === undefined ? /\s+/ : delimiter.replace('\\n', '\n').replace('\\0', '\0');
  const items = text.split(separator).filter((item) => item !== '' && item !== '\n');
  return items
    .map((item) => (delimiter === undefined ? item.replace(/^(['"])(.*)\1$/, '$2') : item.replace(/\n$/, '')))
    .slice(0, maximumItems);
}

function runEach(commands: readonly (readonly string[])[], scene: Scene, bench: Bench): Outcome {
  let out = '';
  for (const words of commands.slice(0, maximumItems)) {
    out += apart(words, scene, bench).out;
  }
  return { out, status: 'unknown' };
}

/** GNU parallel: its words, its input, or what stands behind `:::`. */
const parallel: Handler = (call, scene, bench) => {
  const at = call.args.findIndex((word) => /^:::+\+?$/.test(word));
  const own = at < 0 ? call.args : call.args.slice(0, at);
  const skipped = beforeCommand(own, 'jSPIaNLdsC').length;
  const command = own.slice(skipped);
  const items = at < 0 ? linesOf(scene.input.text) : call.args.slice(at + 1).filter((word) => !/^:::+\+?$/.test(word));
  const inner = { state: scene.state, input: { text: null } };
  for (const item of items.slice(0, maximumItems)) {
    const text =
      command.length === 0
        ? item
        : command.some((word) => /\{[/.#]*\}/.test(word))
          ? command.map((word) => word.replace(/\{[/.#]*\}/g, item)).join(' ')
          : `${command.join(' ')} ${item}`;
    apartText(text, inner, bench);
  }
  return unknown;
};

function linesOf(text: string | null): string[] {
  return text === null ? [mark.output] : text.split('\n').filter((line) => line !== '');
}

/** `find … -exec COMMAND \;`. */
const find: Handler = ({ args }, scene, bench) => {
  const first = args.findIndex((word) => /^[-(!]/.test(word));
  const [start = '.'] = args.filter((word, index) => (first < 0 || index < first) && !word.startsWith('-'));
  const isNarrow = args.some((word) =>
    /^-(i?name|i?path|[acm]time|[acm]min|size|newer\w*|user|i?regex|empty)$/.test(word),
  );
  const found = isNarrow ? `${start}/${mark.some}` : start;
  for (const [index, word] of args.entries()) {
    if (/^-(exec|execdir|ok|okdir)$/.test(word)) {
      const end = args.findIndex((one, at) => at > index && (one === ';' || one === '+'));
      const words = args.slice(index + 1, end < 0 ? undefined : end);
      for (const path of isNarrow ? [found] : [found, `${found}/${mark.star}/${mark.star}`]) {
        apart(
          words.map((one) => one.replaceAll('{}', path)),
          { state: scene.state, input: { text: null } },
          bench,
        );
      }
    }
  }
  return undefined;
};

const fd: Handler = ({ args }, scene, bench) => {
  const at = args.findIndex((word) => /^(-x|-X|--exec|--exec-batch)$/.test(word));
  const folder = args[at - 1];
  const words = at < 0 ? [] : args.slice(at + 1);
  const found = folder?.startsWith('/') ? folder : mark.output;
  const isRemoving = /^(.*\/)?rm$/.test(words[0] ?? '');
  return words.length === 0 ? undefined : apart(isRemoving ? [...words, '-r', found] : [...words, found], scene, bench);
};

/** Programs that send the rest of their words to other machines. */
const ssh: Handler = ({ args }, scene, bench) => {
  const { words, options } = remoteWords(args);
  for (const value of options.flatMap(
    (option) => /^(?:ProxyCommand|LocalCommand|KnownHostsCommand|Match exec)[ =]\s*(.+)$/is.exec(option)?.[1] ?? [],
  )) {
    apartText(value.replaceAll(/%[hpr]/g, 'x'), scene, bench);
  }
  if (words.length > 0) {
    return onOtherMachine(words.join(' '), scene, bench);
  }
  const { text } = scene.input;
  if (text === null || text === '') {
    return unknown;
  }
  // Without a command the shell of the other machine reads what comes.
  return isUnknown(text)
    ? apart(['sh'], scene, bench)
    : onOtherMachine(text, { ...scene, input: { text: null } }, bench);
};

function onOtherMachine(text: string, scene: Scene, bench: Bench): Outcome {
  const state = scene.state.copy();
  state.functions.clear();
  state.aliases.clear();
  state.folders = [`/${mark.home}`];
  return bench.inquiry.within(() => bench.runText('shell', text, { state, input: scene.input }));
}

function remoteWords(args: readonly string[]): { words: readonly string[]; options: readonly string[] } {
  const options: string[] = [];
  let at = 0;
  for (; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (word === '--' || !/^-./.test(word)) {
      at += word === '--' ? 1 : 0;
      break;
    }
    const letter = Array.from(word.slice(1)).find((one) => 'BbcDEeFIiJLlmOopPQRSWw'.includes(one));
    if (letter !== undefined) {
      const value = word.slice(word.indexOf(letter) + 1);
      const given = value === '' ? (args[(at += 1)] ?? '') : value;
      options.push(...(letter === 'o' ? [given] : []));
    }
  }
  const words = args.slice(at + 1);
  return { words: words[0] === '--' ? words.slice(1) : words, options };
}

const containerValues =
  /^(-[aehlmpuvwc]|--(add-host|annotation|attach|cap-add|cap-drop|cgroup\S*|cidfile|cpu\S*|device\S*|dns\S*|domainname|entrypoint|env|env-file|expose|gpus|group-add|health-\S+|hostname|ip6?|ipc|label\S*|link\S*|log-\S+|mac-address|memory\S*|mount|name|net|network\S*|oom-score-adj|pid|pids-limit|platform|publish|pull|restart|runtime|security-opt|shm-size|stop-\S+|storage-opt|sysctl|tmpfs|ulimit|user|userns|uts|volume|volumes-from|volume-driver|workdir|detach-keys|index|scale|file|project-name|profile))$/;

/** `docker run IMAGE COMMAND` and `docker exec NAME COMMAND`; folders of the host keep their meaning inside. */
const container: Handler = ({ args }, scene, bench) => {
  const at = args.findIndex((word) => /^(run|exec|create)$/.test(word));
  if (at < 0) {
    return undefined;
  }
  const state = scene.state.copy();
  state.links = new Map(state.links);
  const entry: string[] = [];
  let index = at + 1;
  for (let word = args[index] ?? ''; word.startsWith('-'); word = args[index] ?? '') {
    const takes = containerValues.test(word);
    const value = takes ? (args[index + 1] ?? '') : word.replace(/^--[\w-]+=|^-v/, '');
    mount(word, value, state.links);
    entry.push(...(word.startsWith('--entrypoint') ? [value] : []));
    index += takes ? 2 : 1;
  }
  const words = [...entry.slice(-1), ...args.slice(index + 1)];
  return words.length === 0 ? undefined : apart(words, { state, input: scene.input }, bench);
};

/** A folder of the host stands in a container under another name. */
function mount(option: string, value: string, links: Map<string, string>): void {
  if (/^(-v|--volume)/.test(option)) {
    const [host = '', inside = ''] = value.split(':');
    links.set(inside, `${host}/.`);
  } else if (option.startsWith('--mount')) {
    const [, host = '', inside = ''] =
      /(?=.*(?:source|src)=([^,]+))(?=.*(?:target|dst|destination)=([^,]+))/.exec(value) ?? [];
    links.set(inside, `${host}/.`);
  }
}

const ansible: Handler = ({ args }, scene, bench) => {
  const options = readOptions(args, {
    letters: 'aeifmMtTuUclCB',
    long: ['args', 'module-name', 'inventory', 'extra-vars', 'limit'],
  });
  const [text] = options.valuesOf('a', 'args');
  const module = options.valuesOf('m', 'module-name').at(-1) ?? 'command';
  if (text === undefined) {
    return undefined;
  }
  if (/(^|\.)(shell|command|raw|win_shell|win_command)$/.test(module)) {
    return /win_/.test(module)
      ? bench.inquiry.within(() => bench.runText('powershell', text, scene))
      : onOtherMachine(text, scene, bench);
  }
  const words = moduleWords(module.replace(/^.*\./, ''), text);
  return words && apart(words, scene, bench);
};

type Field = (name: string) => string;

const writesPath = (value: Field): readonly string[] => ['tee', value('path|dest|name')];
const service = (value: Field): readonly string[] => {
  const verb = value('state') === 'stopped' ? 'stop' : /^(yes|true)$/.test(value('masked')) ? 'mask' : 'status';
  return ['systemctl', verb, value('name')];
};

/** What a module does, as the command that does the same. */
const modules: Readonly<Record<string, (value: Field) => readonly string[] | undefined>> = {
  file: (value) => {
    const path = value('path|dest|name');
    const recurses = /^(yes|true)$/.test(value('recurse'));
    return value('state') === 'absent' ? ['rm', '-rf', path] : recurses ? ['chmod', '-R', '755', path] : undefined;
  },
  reboot: () => ['reboot'],
  copy: writesPath,
  template: writesPath,
  lineinfile: writesPath,
  blockinfile: writesPath,
  get_url: writesPath,
  service,
  systemd: service,
  systemd_service: service,
  filesystem: (value) => ['mkfs', value('dev')],
  user: (value) => (value('state') === 'absent' ? ['userdel', value('name')] : undefined),
};

function moduleWords(module: string, text: string): readonly string[] | undefined {
  const value: Field = (name) => new RegExp(`(?:^|\\s)(?:${name})=["']?([^"'\\s]+)`).exec(text)?.[1] ?? '';
  return Object.hasOwn(modules, module) ? modules[module]?.(value) : undefined;
}

const salt: Handler = ({ args }, scene, bench) => {
  const at = args.findIndex((word) =>
    /^(cmd\.(run\w*|shell|script)|system\.(reboot|shutdown|poweroff|halt))$/.test(word),
  );
  if (at < 0) {
    return undefined;
  }
  const [verb = '', text = ''] = args.slice(at);
  return verb.startsWith('system.') ? apart([verb.slice(7)], scene, bench) : onOtherMachine(text, scene, bench);
};

export const spreaders: Readonly<Record<string, Handler>> = {
  xargs,
  gxargs: xargs,
  parallel,
  find,
  gfind: find,
  fd,
  fdfind: fd,
  ssh,
  slogin: ssh,
  dropbearclient: ssh,
  docker: container,
  podman: container,
  nerdctl: container,
  'docker-compose': container,
  ansible,
  salt,
  'salt-call': salt,
};
