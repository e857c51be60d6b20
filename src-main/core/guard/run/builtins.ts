import { nothing, type Outcome, type Scene } from '../bench.ts';
import { homeFolder, isUnknown, mark } from '../marks.ts';
import { normalPath, pathsOf } from '../rules/linux-path.ts';
import { readOptions } from '../rules/options.ts';
import { structureRules } from '../rules/structure-rules.ts';
import { testWords } from '../shell/test-status.ts';
import { contentOf } from '../shell/streams.ts';
import type { Handler } from './handler.ts';

const ok: Outcome = { out: '', status: 'ok' };
const failed: Outcome = { out: '', status: 'failed' };
const leaves: Outcome = { out: '', status: 'unknown', leaves: true };

const changeFolder: Handler = ({ args }, { state }) => {
  const target = args.find((word) => !/^-[LPe@]+$/.test(word) && word !== '--');
  const before = state.folders;
  if (target === undefined) {
    state.folders = [state.variable('HOME').values[0] ?? homeFolder];
    return ok;
  }
  if (target === '-') {
    state.folders = [...before].toReversed();
    return ok;
  }
  const isCertain = !isUnknown(target);
  const reached = before.flatMap((folder) =>
    pathsOf(isCertain ? target : absolute(target, folder), { folders: [folder], links: state.links }),
  );
  // A folder that may not exist is not entered, and the shell stays where it was.
  state.folders = [...new Set(isCertain ? reached : [...reached, ...emptyTarget(target), ...before])].slice(0, 8);
  return isCertain ? { out: '', status: 'unknown' } : nothing;
};

function absolute(target: string, folder: string): string {
  return target.startsWith('/') || !/^[\uFDD0-\uFDDB]/.test(target)
    ? target
    : normalPath(`${folder.startsWith('/') ? '' : '/'}/${mark.some}/${target}`);
}

/** `cd $x` without a value goes home; `cd "$x/"` to the root. */
function emptyTarget(target: string): string[] {
  const rest = target.replace(/[\uFDD0\uFDD2]/g, '');
  return rest !== target && /^\/+$/.test(rest) ? ['/'] : [];
}

const setOptions: Handler = ({ args }, { state }) => {
  const names: Readonly<Record<string, string>> = { u: 'nounset', e: 'errexit' };
  for (const [index, word] of args.entries()) {
    if (word === '--') {
      state.words = args.slice(index + 1);
      return ok;
    }
    const isOn = word.startsWith('-');
    const found = /^[-+]o$/.test(word)
      ? [args[index + 1] ?? '']
      : /^[-+]\w+$/.test(word)
        ? Array.from(word.slice(1)).flatMap((letter) => names[letter] ?? [])
        : [];
    for (const name of found) {
      if (isOn) {
        state.options.add(name);
      } else {
        state.options.delete(name);
      }
    }
  }
  const [first] = args;
  if (first !== undefined && !/^[-+]/.test(first)) {
    state.words = args;
  }
  return ok;
};

const declareVariables: Handler = ({ args }, { state }) => {
  const isReference = args.some((word) => /^-\w*n/.test(word));
  for (const word of args) {
    const pair = /^(\w+)\+?=(.*)$/s.exec(word);
    if (pair) {
      state.assignText(pair[1] ?? '', pair[2] ?? '');
    } else if (isReference && /^\w+$/.test(word)) {
      const [target = ''] = state.variable(word).values;
      state.variables.set(word, { values: [''], refersTo: target });
    }
  }
  return ok;
};

const unset: Handler = ({ args }, { state }) => {
  for (const name of args.filter((word) => !word.startsWith('-'))) {
    state.functions.delete(name);
    state.variables.set(name, { values: [''] });
  }
  return ok;
};

const evaluate: Handler = ({ args, what }, scene, bench) => {
  const text = args.join(' ');
  if (isHidden(text)) {
    bench.inquiry.hit(structureRules.opaqueCode, what);
  }
  return bench.inquiry.within(() => bench.runText('shell', text, scene));
};

/** Nothing but what came from outside. */
function isHidden(text: string): boolean {
  return /[\uFDD3\uFDDA]/.test(text) || /^[\s\uFDD0]*\uFDD0[\s\uFDD0]*$/.test(text);
}

const source: Handler = ({ args, what }, scene, bench) => {
  const [file = ''] = args;
  const text = /^\/dev\/(stdin|fd\/0)$/.test(file) ? scene.input.text : contentOf(file, scene);
  if (text !== null && isHidden(text)) {
    bench.inquiry.hit(structureRules.opaqueCode, what);
  }
  return text === null || isUnknown(text) ? nothing : bench.inquiry.within(() => bench.runText('shell', text, scene));
};

const trap: Handler = ({ args }, scene, bench) => {
  const [action = '', ...signals] = args.filter((word) => word !== '--');
  if (signals.length > 0 && action !== '-' && action !== '' && !action.startsWith('-')) {
    bench.inquiry.within(() => bench.runText('shell', action, { state: scene.state.copy(), input: { text: null } }));
  }
  return ok;
};

const setAlias: Handler = ({ args }, { state }) => {
  for (const word of args) {
    const pair = /^([^=]+)=(.*)$/s.exec(word);
    if (pair) {
      state.aliases.set(pair[1] ?? '', pair[2] ?? '');
    }
  }
  return ok;
};

/** Where a text comes from of which nothing else is known. */
function originOf(text: string | null): string {
  return [mark.network, mark.fetched].find((one) => text?.includes(one)) ?? mark.output;
}

function namesOf(given: readonly string[]): readonly string[] {
  return given.length === 0 ? ['REPLY'] : given;
}

const readLine: Handler = ({ args }, { state, input }, bench) => {
  const options = readOptions(args, { letters: 'dinNptua' });
  const isArray = options.has('a');
  const names = namesOf(isArray ? options.valuesOf('a') : options.operands);
  const [descriptor] = options.valuesOf('u');
  const held = state.descriptors.get(descriptor ?? '');
  const text = held ?? input.text;
  // A subscript in the name of a variable is read, and runs what stands in it.
  for (const name of names.filter((one) => /\$\(|`/.test(one))) {
    bench.inquiry.within(() =>
      bench.runText('shell', `: $((${name}))`, { state: state.copy(), input: { text: null } }),
    );
  }
  if (text === null || isUnknown(text)) {
    const value = originOf(text);
    names.forEach((name) => state.assignText(name, value));
    return nothing;
  }
  if (text === '') {
    return failed;
  }
  const [delimiter = '\n'] = options.valuesOf('d');
  const [line = '', ...rest] = text.split(delimiter === '' ? '\0' : delimiter);
  if (held === undefined) {
    input.text = rest.join(delimiter);
  }
  assignFields(names, line, { state, isArray });
  return ok;
};

function assignFields(
  names: readonly string[],
  line: string,
  { state, isArray }: { state: Scene['state']; isArray: boolean },
): void {
  const separators = state.variable('IFS').values[0] ?? ' \t\n';
  const splitter = separators === '' ? /\0never/ : new RegExp(`[${separators.replace(/[\\\]^-]/g, '\\$&')}]+`);
  const fields = line.trim().split(splitter);
  if (isArray) {
    state.assign(names[0] ?? 'REPLY', {
      values: [''],
      items: new Map(fields.map((field, index) => [String(index), field])),
    });
    return;
  }
  const [last = 'REPLY'] = names.slice(-1);
  names.slice(0, -1).forEach((name, index) => state.assignText(name, fields[index] ?? ''));
  state.assignText(last, fields.slice(Math.max(0, names.length - 1)).join(' '));
}

const readLines: Handler = ({ args }, { state, input }) => {
  const name = readOptions(args, { letters: 'dnOsuCc' }).operands[0] ?? 'MAPFILE';
  const all = (input.text ?? mark.output).replace(/\n$/, '').split('\n');
  state.assign(name, { values: [''], items: new Map(all.slice(0, 256).map((line, index) => [String(index), line])) });
  return ok;
};

const print: Handler = ({ args }, scene, bench) => {
  const [option, name, ...rest] = args;
  if (option !== '-v' || name === undefined) {
    return undefined;
  }
  const { out } = bench.runWords(['printf', ...rest], scene);
  scene.state.assignText(name, out);
  return ok;
};

const shift: Handler = ({ args }, { state }) => {
  state.words = state.words?.slice(Number(args[0] ?? 1)) ?? null;
  return ok;
};

const test: Handler = ({ name, args }, scene, bench) => {
  const words = name === '[' ? args.slice(0, -1) : args;
  const subscript = words[0] === '-v' ? words[1] : undefined;
  if (subscript !== undefined && /\$\(|`/.test(subscript)) {
    bench.inquiry.within(() => bench.runText('shell', `: $((${subscript}))`, scene));
  }
  return { out: '', status: testWords(words) };
};

const calculate: Handler = ({ args }, scene, bench) => {
  const text = args.join(', ');
  if (/\$\(|`|=/.test(text)) {
    bench.inquiry.within(() => bench.runText('shell', `: $((${text}))`, scene));
  }
  return nothing;
};

const commandName: Handler = (call, scene, bench) => {
  const [first = '', ...rest] = call.args;
  if (/^-[vV]$/.test(first)) {
    return { out: `${rest.join('\n')}\n`, status: 'unknown' };
  }
  const words = call.args.slice(first === '-p' || first === '--' ? 1 : 0);
  if (words.length === 0) {
    return nothing;
  }
  // Functions and aliases are passed over.
  return bench.runWords(words, scene);
};

const runString: Handler = ({ args }, { state }) => {
  for (const word of args) {
    state.options.add(word);
  }
  return ok;
};

const executing: Handler = ({ args }, scene, bench) => {
  const at = args.findIndex((word, index) => !word.startsWith('-') && args[index - 1] !== '-a');
  const words = at < 0 ? [] : args.slice(at);
  return words.length === 0 ? ok : bench.runWords(words, scene);
};

export const builtins: Readonly<Record<string, Handler>> = {
  cd: changeFolder,
  pushd: changeFolder,
  set: setOptions,
  shopt: runString,
  export: declareVariables,
  declare: declareVariables,
  typeset: declareVariables,
  local: declareVariables,
  readonly: declareVariables,
  unset,
  eval: evaluate,
  source,
  '.': source,
  trap,
  alias: setAlias,
  read: readLine,
  mapfile: readLines,
  readarray: readLines,
  printf: print,
  shift,
  test,
  '[': test,
  let: calculate,
  command: commandName,
  builtin: commandName,
  exec: executing,
  exit: () => leaves,
  return: () => leaves,
  break: () => leaves,
  continue: () => leaves,
  logout: () => leaves,
  true: () => ok,
  ':': () => ok,
  false: () => failed,
};
