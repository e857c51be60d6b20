import type { Bench, Language, Scene } from '../bench.ts';
import { isUnknown, mark } from '../marks.ts';
import { structureRules } from '../rules/structure-rules.ts';
import { Evaluator, joined, type Names, one, type Value } from './evaluate.ts';
import { otherNames } from './other-names.ts';
import { type Token, tokensOf } from './tokens.ts';

type Place = { readonly scene: Scene; readonly bench: Bench; readonly language: Language };
type Act = (values: readonly Value[], place: Place) => void;

/** Judges code of Python, Perl, Ruby, PHP, JavaScript, Lua and awk by the calls in it. */
export function judgeCode(text: string, language: Language, { scene, bench }: { scene: Scene; bench: Bench }): void {
  judgeShape(text, { scene, bench, language });
  const tokens = tokensOf(text, language);
  bench.inquiry.spend(Math.ceil(tokens.length / 20));
  const names: Names = new Map();
  const evaluator = new Evaluator(tokens, names);
  const renamed = otherNames(text);
  const walked: string[] = [];
  const place = { scene, bench, language };
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.kind === 'command') {
      runText(one(token.text), place);
    } else if (token?.kind === 'name') {
      noteName(at, { tokens, evaluator, names });
      judgeCall(at, { tokens, evaluator, walked, renamed }, place);
    } else if (language === 'awk' && token?.kind === 'sign' && token.text === '|') {
      judgePipe(at, { tokens, evaluator }, place);
    }
  }
}

/** What the whole of the code shows. */
function judgeShape(text: string, { scene, bench }: Place): void {
  const code = text.replace(/(^|\s)#.*$/gm, '$1');
  const loops =
    /\bwhile\s*\(?\s*(1|true|True|!0|:)|\bfor\s*\(\s*;\s*;|\bloop\s*(do|\{)|\buntil\s+(0|false)|\bfork\s+(while|until)\b|itertools\.count/;
  if (/\bfork\b/.test(code) && loops.test(code)) {
    bench.inquiry.hit(structureRules.forkLoop, 'fork in a loop without end');
  }
  const connects =
    /\bsocket\b|fsockopen|pfsockopen|TCPSocket|net['")]*\.(connect|Socket|createConnection)|IO::Socket|inet\/tcp|socket\.tcp|stream_socket_client|new\s+Socket/;
  const shell = /\/bin\/(ba|da|z|k)?sh|['"](ba|da|z)?sh['"]|cmd\.exe|powershell|\bdup2\b|pty\.spawn|\$SHELL/;
  const hands = /dup2|spawn|exec|system|popen|subprocess|open\s*\(\s*STD|\|&/i;
  const isAwkShell = /inet\/(tcp|udp)/.test(code) && /getline/.test(code);
  const obeys =
    /(popen|exec|system|spawn|shell_exec|Popen|run)\s*\(?\s*\$?\w+\s*[,)]/.test(code) &&
    /\b(gets|recv|readline|fgets|fread|receive|getline)\b/.test(code);
  if (connects.test(code) && ((shell.test(code) && hands.test(code)) || obeys || isAwkShell)) {
    bench.inquiry.hit(structureRules.socketShell, 'socket and shell');
  }
  if (/\breboot\s*\(\s*(0x|LINUX_REBOOT|RB_|[0-9])|0xfee1dead/i.test(code)) {
    bench.runWords(['reboot', '-f'], scene);
  }
}

type Reading = { readonly tokens: readonly Token[]; readonly evaluator: Evaluator; readonly names: Names };

/** Remembers what a name stands for: `x = …`, `x += …`, `for x in …`. */
function noteName(at: number, { tokens, evaluator, names }: Reading): void {
  const name = tokens[at]?.text ?? '';
  if (evaluator.isSign(at + 1, '=') && !evaluator.isSign(at + 2, '=')) {
    names.set(name, evaluator.expression(at + 2).value);
  } else if (evaluator.isSign(at + 1, '+=') || evaluator.isSign(at + 1, '.=')) {
    names.set(name, joined(names.get(name) ?? one(''), evaluator.expression(at + 2).value));
  } else if (/^(for|foreach|of)$/.test(name)) {
    noteLoop(at, { tokens, evaluator, names });
  } else if (name === 'import' && tokens[at + 2]?.text === 'as') {
    names.delete(name);
  }
}

/** `for x in LIST`, `foreach my $x (LIST)`, `for (const x of LIST)`. */
function noteLoop(at: number, { tokens, evaluator, names }: Reading): void {
  const start = tokens.slice(at + 1, at + 5).findIndex(({ text }) => text === 'in' || text === 'of');
  const variable = tokens
    .slice(at + 1, at + 5)
    .find(({ kind, text }) => kind === 'name' && !/^(my|const|let|var|in|of)$/.test(text));
  if (!variable) {
    return;
  }
  const from = start >= 0 ? at + start + 2 : at + 2 + Number(tokens[at + 1]?.text === 'my');
  const { value } = evaluator.expression(from);
  names.set(variable.text, { items: value.items, isList: false });
}

type Calls = {
  readonly tokens: readonly Token[];
  readonly evaluator: Evaluator;
  readonly walked: string[];
  readonly renamed: ReadonlyMap<string, string>;
};

/** Statements that take their words without brackets. */
const bare =
  /^(system|exec|unlink|rmdir|rmtree|remove_tree|kill|require|rm_rf|rm_r|puts|spawn|chmod|chown|rename|truncate|open|eval|os\.execute)$/;

type Given = { readonly values: readonly Value[]; readonly next: number };

/** What a call is given, in brackets or bare; undefined where nothing is called. */
function argumentsAt(
  at: number,
  last: string,
  { tokens, evaluator }: Pick<Calls, 'tokens' | 'evaluator'>,
): Given | undefined {
  if (evaluator.isSign(at + 1, '(')) {
    return evaluator.list(at + 2, ')');
  }
  const next = tokens[at + 1];
  const ends = next === undefined || (next.kind === 'sign' && /^(=|\.|,|\)|:|\+)$/.test(next.text));
  return bare.test(last) && !ends ? evaluator.list(at + 1, ';') : undefined;
}

function judgeCall(at: number, { tokens, evaluator, walked, renamed }: Calls, place: Place): void {
  const name = callName(at, tokens).replace(/^\w+/, (first) => renamed.get(first) ?? first);
  const last = name.split('.').at(-1) ?? name;
  const act = actionOf(name);
  const isWalk = walks.test(last);
  if (!act && !isWalk && last !== 'getattr') {
    return;
  }
  const given = argumentsAt(at, last, { tokens, evaluator });
  if (!given) {
    return;
  }
  const { values, next } = given;
  if (last === 'getattr') {
    judgeAttribute(values, next, { evaluator, place });
    return;
  }
  const all = withOwner(at, last, { tokens, evaluator, values });
  if (isWalk) {
    walked.push(...all.flatMap(({ items }) => items).filter((text) => text.startsWith('/')));
    return;
  }
  place.bench.inquiry.spend();
  act?.(all, place);
  if (deletes.test(name)) {
    judgeUnnamed(all.flatMap((value) => value.items).filter(isUnknown), walked, place);
  }
}

/** What is deleted while a folder is walked is what is in it; a name that is not known may be any in its folder. */
function judgeUnnamed(items: readonly string[], walked: readonly string[], place: Place): void {
  for (const root of items.length > 0 ? walked : []) {
    runArgv(['rm', '-rf', root], place);
  }
  for (const path of items.filter((item) => /^\/[\w/]+\/[\uFDD0-\uFDD3]+$/.test(item))) {
    runArgv(['rm', '-f', path.replace(/[\uFDD0-\uFDD3]+$/, mark.star)], place);
  }
}

const walks = /^(walk|rglob|glob|iglob|scandir|listdir|find|readdirSync|iterdir|glob_r|children|entries|opendir)$/;

function actionOf(name: string): Act | undefined {
  return actions.find(([pattern]) => pattern.test(name))?.[1];
}

const deletes = /(^|\.)(remove|unlink|rmdir|rmtree|delete|unlinkSync|rmSync|rm|rm_rf)$/;

/** `getattr(os, 'sys' + 'tem')('…')`. */
function judgeAttribute(
  values: readonly Value[],
  next: number,
  { evaluator, place }: { evaluator: Evaluator; place: Place },
): void {
  const name = values[1]?.items[0] ?? '';
  const act = actionOf(name) ?? actionOf(`os.${name}`);
  if (act && evaluator.isSign(next, '(')) {
    act(evaluator.list(next + 1, ')').values, place);
  }
}

const ownedMethods =
  /^(unlink|rmdir|write_text|write_bytes|chmod|touch|rename|replace|rglob|glob|iterdir|open|rmtree|rm)$/;

/** `Path('/x').unlink()`: what stands before the dot comes first. */
function withOwner(at: number, last: string, { tokens, evaluator, values }: Owned): readonly Value[] {
  if (!ownedMethods.test(last) || !evaluator.isSign(at - 1, '.')) {
    return values;
  }
  const start = startOfOwner(at - 2, { tokens, evaluator });
  const kind = tokens[start]?.kind;
  const owner = kind === 'name' || kind === 'string' ? ownerValue(start, at, evaluator) : undefined;
  return owner === undefined || owner.items.every((text) => text === mark.unset) ? values : [owner, ...values];
}

type Owned = Pick<Calls, 'tokens' | 'evaluator'> & { readonly values: readonly Value[] };

/** Index of the first token of the expression that ends here. */
function startOfOwner(end: number, { tokens, evaluator }: Pick<Calls, 'tokens' | 'evaluator'>): number {
  let depth = 0;
  for (let at = end; at > 0; at -= 1) {
    const token = tokens[at];
    const sign = token?.kind === 'sign' ? token.text : '';
    depth += Number(sign === ')') - Number(sign === '(');
    const isOutside = depth < 0 || (depth === 0 && /^[(;=,:]$/.test(sign) && at < end);
    if (isOutside) {
      return at + 1;
    }
    if (depth === 0 && token?.kind === 'name' && !evaluator.isSign(at - 1, '.')) {
      return at;
    }
  }
  return 0;
}

function ownerValue(start: number, at: number, evaluator: Evaluator): Value | undefined {
  const name = evaluator.text(start);
  if (/^(Path|PurePath|PosixPath|pathlib)$/.test(name)) {
    const open = evaluator.isSign(start + 1, '(') ? start + 2 : start + 4;
    return evaluator.list(open, ')').values[0];
  }
  const { value, next } = evaluator.expression(start);
  return next >= at ? undefined : value;
}

function callName(at: number, tokens: readonly Token[]): string {
  let name = tokens[at]?.text ?? '';
  for (
    let before = at - 1;
    before > 0 && /^(\.|::|->)$/.test(tokens[before]?.text ?? '') && tokens[before - 1]?.kind === 'name';
    before -= 2
  ) {
    name = `${tokens[before - 1]?.text}.${name}`;
  }
  return name;
}

function runArgv(words: readonly string[], { scene, bench }: Place): void {
  bench.inquiry.within(() => bench.runWords(words, { state: scene.state.copy(), input: { text: null } }));
}

function runText(value: Value, place: Place): void {
  const { scene, bench } = place;
  for (const text of value.items) {
    if (text.includes(mark.fetched)) {
      bench.inquiry.hit(structureRules.opaqueCode, text);
    }
    if (!/^[\uFDD0-\uFDDB]*$/.test(text)) {
      bench.inquiry.within(() => bench.runText('shell', text, { state: scene.state.copy(), input: { text: null } }));
    }
  }
}

/** One text is for a shell; a list, or several, are the words of a program. */
const run: Act = (values, place) => {
  const [first, ...others] = values;
  if (first === undefined) {
    return;
  }
  const isWords =
    first.isList ||
    others.some((value) => value.isList) ||
    (others.length > 0 &&
      /^(perl|ruby|node|php)$/.test(place.language) &&
      others.every(({ items }) => items.every((text) => !isUnknown(text))));
  if (isWords) {
    runArgv(
      [first, ...others].flatMap(({ items }) => items),
      place,
    );
  } else {
    runText(first, place);
  }
};

/** `os.execv(path, [arg0, …])`: the name stands twice. */
const replace: Act = ([path, ...rest], place) => {
  const words = rest.flatMap(({ items }) => items);
  const [file = ''] = path?.items ?? [];
  runArgv(
    [
      file,
      ...(words[0] !== undefined && file.endsWith(words[0])
        ? words.slice(1)
        : words.slice(rest.length > 1 || rest[0]?.isList ? 1 : 0)),
    ],
    place,
  );
};

const evaluate: Act = ([code], place) => {
  for (const text of code?.items ?? []) {
    if (text.includes(mark.fetched)) {
      place.bench.inquiry.hit(structureRules.opaqueCode, 'code that is fetched or decoded at that moment');
    } else if (!isUnknown(text) && text.length > 3) {
      place.bench.inquiry.within(() => place.bench.runText(place.language, text, place.scene));
    }
  }
};

const as =
  (...words: readonly string[]): Act =>
  ([path], place) =>
    runArgv([...words, ...(path?.items ?? [])], place);

const opens: Act = (values, place) => {
  const texts = values.flatMap(({ items }) => items.slice(0, 1));
  const pipe = texts.find((text) => /^\s*\|.|.\|\s*$/.test(text));
  if (pipe !== undefined) {
    runText(one(pipe.replace(/^\s*\||\|\s*$/g, '')), place);
  }
  const attached = texts.map((text) => /^\+?>>?\s*(\S.*)$/.exec(text)?.[1]).find((text) => text !== undefined);
  const isWriting = texts.some((text) => /^(\+?>>?|[wax]b?t?\+?b?|rb?\+b?)(:.*)?$/.test(text));
  const path = attached ?? (isWriting ? texts.find((text) => text.startsWith('/')) : undefined);
  if (path !== undefined) {
    runArgv(['tee', ...(texts.some((text) => /^a|^>>/.test(text)) ? ['-a'] : []), path], place);
  }
};

const removes: Act = ([path, ...options], place) => {
  const isTree = options.length > 0 || place.language !== 'node';
  runArgv(['rm', ...(isTree || place.language === 'node' ? ['-rf'] : []), ...(path?.items ?? [])], place);
};

const twoPaths =
  (tool: string, ...flags: readonly string[]): Act =>
  ([from, to], place) =>
    runArgv([tool, ...flags, from?.items[0] ?? mark.unset, to?.items[0] ?? mark.unset], place);

const rights: Act = (values, place) => {
  const items = values.flatMap((value) => value.items);
  const path = items.find((text) => text.startsWith('/'));
  const mode = items.find((text) => /^\d+$/.test(text));
  if (path !== undefined && mode !== undefined) {
    runArgv(['chmod', Number(mode).toString(8), path], place);
  }
};

const kills: Act = (values, place) => {
  const items = values.flatMap((value) => value.items);
  const pid = items.find((text) => text === '-1' || text === '1');
  if (pid !== undefined && items.length > 1) {
    runArgv(['kill', '-9', '--', pid], place);
  }
};

const actions: readonly (readonly [RegExp, Act])[] = [
  [
    /(^|\.)(os\.)?(system|popen[234]?|getoutput|getstatusoutput|check_call|check_output|shell_exec|passthru|proc_open|execSync|spawnSync|execFileSync|execFile|capture2e?|capture3|popen2e?|popen3|create_subprocess_shell|create_subprocess_exec|posix_spawnp?|spawn)$/,
    run,
  ],
  [
    /(^|\.)(subprocess|sp|Popen|child_process|cp)(\.(run|call|Popen|exec|spawn))?$|^(Popen|run|call)$|^(Kernel|IO|Process|Open3)\.(exec|popen|spawn)$|^os\.execute$|^io\.popen$/,
    run,
  ],
  [/^(exec)$/, (values, place) => (place.language === 'python' ? evaluate(values, place) : run(values, place))],
  [/(^|\.)(os\.)?(exec[lv]p?e?|spawn[lv]p?e?|pcntl_exec)$/, replace],
  [
    /^(eval|compile|instance_eval|class_eval|loadstring|load|Function|assert|create_function|vm\.run\w+|runInThisContext)$/,
    evaluate,
  ],
  [
    /(^|\.)(rmtree|remove_tree|rm_rf|rm_r|remove_dir|remove_entry(_secure)?|rimraf|rimrafSync|emptyDirSync|removeSync|remove_directory|rmdirSync|rmSync)$|^fs\.(promises\.)?(rm|rmdir)$|(^|\.)fs\.remove$/,
    removes,
  ],
  [/(^|\.)(os\.)?(remove|unlink|unlinkSync|removedirs)$|^(File|FileUtils)\.(delete|rm|rm_f)$/, as('rm', '-f')],
  [
    /(^|\.)(write_text|write_bytes|writeFileSync|writeFile|createWriteStream|file_put_contents|outputFileSync)$|^(File|IO)\.(write|binwrite)$/,
    as('tee'),
  ],
  [/(^|\.)(appendFileSync|appendFile)$/, as('tee', '-a')],
  [/(^|\.)(truncateSync|truncate)$/, as('truncate', '-s', '0')],
  [/(^|\.)(open|fopen|sysopen)$|^(File|IO)\.(open|new)$|^io\.open$|^fs\.openSync$/, opens],
  [/(^|\.)shutil\.(copy\w*)$|(^|\.)(copyFileSync|copyFile|cpSync|copySync)$|^FileUtils\.cp\w*$/, twoPaths('cp', '-r')],
  [/(^|\.)shutil\.move$|^os\.(rename|replace|renames)$|(^|\.)(renameSync|rename)$|^FileUtils\.mv$/, twoPaths('mv')],
  [/^os\.symlink$|(^|\.)symlinkSync$/, twoPaths('ln', '-s')],
  [/(^|\.)(chmod|chmodSync|lchmod)$/, rights],
  [/(^|\.)(kill|killpg)$/, kills],
  [/(^|\.)unpack_archive$/, ([, to], place) => runArgv(['tar', '-xf', 'x', '-C', to?.items[0] ?? '.'], place)],
];

/** `"cmd" | getline` and `print … | "sh"` in awk. */
function judgePipe(
  at: number,
  { tokens, evaluator }: { tokens: readonly Token[]; evaluator: Evaluator },
  place: Place,
): void {
  if (tokens[at + 1]?.text === 'getline') {
    const before = tokens[at - 1];
    runText(before?.kind === 'string' ? one(before.text) : one(mark.unset), place);
    return;
  }
  const { value } = evaluator.expression(at + 1);
  runText(value, place);
  const printed = tokens[at - 1];
  if (/^(.*\/)?(ba|da)?sh$/.test(value.items[0] ?? '') && printed?.kind === 'string') {
    runText(one(printed.text), place);
  }
}
