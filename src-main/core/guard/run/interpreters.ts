import { type Bench, type Language, nothing, type Outcome, type Scene } from '../bench.ts';
import { isUnknown, mark } from '../marks.ts';
import type { Call } from '../rules/call.ts';
import { readOptions } from '../rules/options.ts';
import { structureRules } from '../rules/structure-rules.ts';
import { contentOf } from '../shell/streams.ts';
import type { Handler } from './handler.ts';

/** Runs code that a program was given; code that nobody can read is said so. */
function runCode(
  language: Language,
  text: string | null,
  { call, scene, bench }: { call: Call; scene: Scene; bench: Bench },
): Outcome {
  if (text === null) {
    return nothing;
  }
  if (text.includes(mark.network)) {
    bench.inquiry.hit(structureRules.shellOnNetwork, call.what);
    return nothing;
  }
  if (isHidden(text)) {
    bench.inquiry.hit(structureRules.opaqueCode, call.what);
    return nothing;
  }
  if (/^[\s\uFDD0-\uFDDB]*$/.test(text)) {
    return nothing;
  }
  return bench.inquiry.within(() =>
    bench.runText(language, text, { state: scene.state.copy(), input: { text: null } }),
  );
}

/** Fetched, or made by another program at that moment, and nothing else is known of it. */
function isHidden(text: string): boolean {
  return text.includes(mark.fetched) || (/^[\s\uFDD0-\uFDDB]+$/.test(text) && /[\uFDD0\uFDD2]/.test(text));
}

type Spec = {
  readonly language: Language;
  /** Letters of the option whose value is code. */
  readonly code: string;
  readonly long?: readonly string[];
  /** Letters that take another value. */
  readonly letters?: string;
  /** A letter after which the next word is a module, and nothing is code. */
  readonly module?: string;
};

const specs: readonly (readonly [RegExp, Spec])[] = [
  [
    /^(ba|da|z|k|a|mk|ra|rba|fi)?sh$|^bash\d|^busybox-sh$/,
    { language: 'shell', code: 'c', letters: 'oO', long: ['rcfile', 'init-file'] },
  ],
  [/^(python|pypy)[\d.]*$/, { language: 'python', code: 'c', letters: 'WXQm', module: 'm' }],
  [/^perl[\d.]*$/, { language: 'perl', code: 'eE', letters: 'IMm' }],
  [/^ruby[\d.]*$/, { language: 'ruby', code: 'e', letters: 'IrC' }],
  [/^(node|nodejs|deno|bun)$/, { language: 'node', code: 'ep', long: ['eval', 'print'], letters: 'r' }],
  [/^php[\d.]*$/, { language: 'php', code: 'rBRE', letters: 'cdfz' }],
  [/^(lua|luajit)[\d.]*$/, { language: 'lua', code: 'e', letters: 'l' }],
  [/^(pwsh|powershell)(\.exe)?$/, { language: 'powershell', code: 'c', long: ['Command', 'command'] }],
];

export function interpreterOf(name: string): Spec | undefined {
  return specs.find(([pattern]) => pattern.test(name))?.[1];
}

/** `sh -c CODE`, `python - <<EOF`, `bash FILE`, `… | sh`. */
export const runInterpreter: Handler = (call, scene, bench) => {
  const spec = interpreterOf(call.name);
  if (!spec) {
    return undefined;
  }
  const { codes, rest, reads } = readArguments(call.args, spec);
  if (codes.length > 0) {
    return runGiven(codes.join('\n'), rest, { spec, call, scene, bench });
  }
  const [file = '-'] = rest;
  if (reads === 'module') {
    return nothing;
  }
  const isInput = reads === 'input' || file === '-' || /^\/dev\/(stdin|fd\/0)$/.test(file);
  return isInput
    ? runCode(spec.language, scene.input.text, { call, scene, bench })
    : runFile(file, spec, { call, scene, bench });
};

function runFile(file: string, { language }: Spec, place: { call: Call; scene: Scene; bench: Bench }): Outcome {
  const { inquiry } = place.bench;
  if (file.includes(mark.self) && inquiry.manyAtOnce > 0) {
    inquiry.hit(structureRules.selfSpawn, place.call.what);
  }
  const text = contentOf(file, place.scene);
  return text === null || /^\uFDDB*$/.test(text) ? nothing : runCode(language, text, place);
}

/** What an interpreter was given: code, the words behind it, and whether it reads its input or a module instead. */
type Read = {
  readonly codes: readonly string[];
  readonly rest: readonly string[];
  readonly reads: 'input' | 'module' | 'nothing';
};

function readArguments(args: readonly string[], spec: Spec): Read {
  const reader = new ArgumentReader(args, spec);
  while (reader.takeOption()) {
    // Each turn takes one option.
  }
  return reader.result();
}

class ArgumentReader {
  readonly #args: readonly string[];
  readonly #spec: Spec;
  readonly #codes: string[] = [];
  #at = 0;
  #reads: Read['reads'] = 'nothing';
  #wantsCode = false;

  constructor(args: readonly string[], spec: Spec) {
    this.#args = args;
    this.#spec = spec;
  }

  result(): Read {
    const rest = this.#args.slice(this.#at);
    return this.#wantsCode
      ? { codes: rest.slice(0, 1), rest: rest.slice(1), reads: this.#reads }
      : { codes: this.#codes, rest, reads: this.#reads };
  }

  /** False when the options have ended. */
  takeOption(): boolean {
    const word = this.#args[this.#at];
    if (word === undefined || word === '-' || !/^[-+]/.test(word) || this.#reads === 'module') {
      return false;
    }
    this.#at += 1;
    if (word === '--') {
      return false;
    }
    if (word.startsWith('--')) {
      this.#at += takeLong(word, this.#args[this.#at], { long: this.#spec.long ?? [], codes: this.#codes });
    } else {
      this.#takeLetters(word);
    }
    return true;
  }

  #takeLetters(word: string): void {
    const { code, letters = '', language, module } = this.#spec;
    const letter = Array.from(word.slice(1)).find((one) => (code + letters).includes(one));
    if (letter === undefined) {
      this.#reads = language === 'shell' && /^-\w*s/.test(word) ? 'input' : this.#reads;
      return;
    }
    const value = word.slice(word.indexOf(letter) + 1);
    if (letter === module) {
      this.#reads = 'module';
    } else if (language === 'shell' && letter === 'c') {
      this.#wantsCode = true;
      this.#at += /[oO]$/.test(value) ? 1 : 0;
    } else if (code.includes(letter)) {
      this.#codes.push(this.#valueOf(value));
    } else {
      this.#at += value === '' ? 1 : 0;
    }
  }

  /** What stands behind a letter, or in the next word. */
  #valueOf(glued: string): string {
    if (glued !== '' && !/^[lnapw]+$/.test(glued)) {
      return glued;
    }
    this.#at += 1;
    return this.#args[this.#at - 1] ?? '';
  }
}

function takeLong(
  word: string,
  next: string | undefined,
  { long, codes }: { long: readonly string[]; codes: string[] },
): number {
  const [, name = '', value] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
  if (!long.includes(name)) {
    return 0;
  }
  if (!/file/.test(name)) {
    codes.push(value ?? next ?? '');
  }
  return value === undefined ? 1 : 0;
}

type Given = { readonly spec: Spec; readonly call: Call; readonly scene: Scene; readonly bench: Bench };

function runGiven(text: string, rest: readonly string[], { spec, call, scene, bench }: Given): Outcome {
  const { inquiry } = bench;
  if (spec.language !== 'shell') {
    return runCode(spec.language, text, { call, scene, bench });
  }
  if (isHidden(text)) {
    inquiry.hit(text.includes(mark.network) ? structureRules.shellOnNetwork : structureRules.opaqueCode, call.what);
    return nothing;
  }
  const state = scene.state.copy();
  state.words = rest.slice(1);
  if (rest[0] !== undefined) {
    state.assignText('0', rest[0]);
  }
  return inquiry.within(() => bench.runText('shell', text, { state, input: scene.input }));
}

/** `awk` runs what `system` is given; `sed` what stands behind `e`. */
export const runSmallLanguages: Handler = (call, scene, bench) => {
  const { name, args } = call;
  if (/^[gmn]?awk$|^busybox-awk$/.test(name)) {
    const options = readOptions(args, { letters: 'FvfiE' });
    const [program] = options.operands;
    const settings = options
      .valuesOf('v')
      .map((one) =>
        one.replace(/^(\w+)=(.*)$/s, (_, name: string, value: string) => `${name}=${JSON.stringify(value)}`),
      )
      .join('\n');
    if (program !== undefined && !isUnknown(program)) {
      bench.inquiry.within(() => bench.runText('awk', `${settings}\n${program}`, scene));
    }
    return undefined;
  }
  if (/^g?sed$/.test(name)) {
    const options = readOptions(args, { letters: 'efl', long: ['expression', 'file'] });
    const scripts = [
      ...options.valuesOf('e', 'expression'),
      ...options.operands.slice(0, options.has('e', 'expression') ? 0 : 1),
    ];
    for (const command of scripts.flatMap(sedCommands)) {
      bench.inquiry.within(() => bench.runText('shell', command, { state: scene.state.copy(), input: { text: null } }));
    }
  }
  return undefined;
};

/** What `e` in a script of sed runs, and `s///e`. */
function sedCommands(script: string): string[] {
  return script.split('\n').flatMap((line) => {
    const own = /^\s*(?:\d+|\$|\/[^/]*\/)?(?:,(?:\d+|\$|\/[^/]*\/))?\s*e\s+(.+)$/.exec(line)?.[1];
    const replaced = /(?:^|[\s;{])s(\W)(?:.*?)\1(.*?)\1[gip\d]*e/.exec(line)?.[2];
    const whole = /(?:^|[\s;{])s(\W)(?:.*?)(?<!\\)\1(.*?)(?<!\\)\1[gip\d]*\s*;\s*e\s*(?:;|$)/.exec(line)?.[2];
    return [own, replaced, whole].flatMap((text) => (text === undefined ? [] : [text.replaceAll('\\/', '/')]));
  });
}

const databases =
  /^(mysql|mariadb|psql|sqlite3|sqlcmd|clickhouse-client|clickhouse|cqlsh|mongo|mongosh|sqlplus|cockroach|duckdb|mycli|pgcli|isql|impala-shell|beeline|hive|trino|presto|mysqlsh|osql|bq|influx)$/;

/** Clients of databases: statements in their words or their input. */
export const runDatabase: Handler = (call, scene, bench) => {
  if (!databases.test(call.name)) {
    return undefined;
  }
  const options = readOptions(call.args, {
    letters: 'ecCQqhuUpPdDfFSH',
    long: ['execute', 'eval', 'command', 'query', 'file', 'host', 'user'],
  });
  const files = options.valuesOf('f', 'file').map((file) => contentOf(file, scene) ?? '');
  const given = [
    ...options.valuesOf('e', 'c', 'C', 'Q', 'q', 'execute', 'eval', 'command', 'query'),
    ...options.operands,
  ];
  for (const text of [...given, ...files, scene.input.text ?? '']) {
    bench.runText('sql', text, scene);
    // psql and sqlite3 run shell commands behind \! and .shell.
    for (const [, command = ''] of text.matchAll(/(?:^|\n)\s*(?:\\!|\.shell|\.system|system)\s+(.+)/g)) {
      bench.inquiry.within(() => bench.runText('shell', command, { state: scene.state.copy(), input: { text: null } }));
    }
  }
  return { out: mark.output, status: 'unknown' };
};
