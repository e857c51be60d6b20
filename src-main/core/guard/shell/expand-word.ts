import { parse, type Word, type WordPart } from 'unbash';
import type { Bench, Scene } from '../bench.ts';
import { homeFolder, mark, withGlobs } from '../marks.ts';
import { expandBraces } from './expand-braces.ts';
import { expandArithmetic, expandParameter } from './expand-parameter.ts';
import { few } from './shell-state.ts';

/** A part of a word: quoted text stays together, results of unquoted expansions are split into fields. */
type Piece = { readonly text: string; readonly kind: 'quoted' | 'bare' | 'split' };

const maximumWords = 256;
const maximumChoices = 16;
const maximumPieces = 64;

/** The fields a word becomes; several lists when it is not certain what it holds. */
export function expandWord(word: Word, scene: Scene, bench: Bench): string[][] {
  bench.inquiry.spend();
  const { parts } = word;
  if (!parts) {
    return [[withTilde(word.value, scene)]];
  }
  if (parts.some((part) => part.type === 'BraceExpansion')) {
    return expandBraced(word, scene, bench);
  }
  return choicesOf(parts, scene, bench).map((pieces) => fieldsOf(pieces, scene));
}

/** What a word holds where it stays one: assignments, targets of redirects, here-strings. */
export function expandText(word: Word, scene: Scene, bench: Bench): readonly string[] {
  bench.inquiry.spend();
  return word.parts ? expandParts(word.parts, scene, bench) : [withTilde(word.value, scene)];
}

/** The same for parts without a word, as a here-document has them. */
export function expandParts(parts: readonly WordPart[], scene: Scene, bench: Bench): readonly string[] {
  const texts = choicesOf(parts, scene, bench).map((pieces) => pieces.map(({ text }) => text).join(''));
  return few(texts.map((text) => text.replaceAll(mark.field, ' ')));
}

function expandBraced(word: Word, scene: Scene, bench: Bench): string[][] {
  const pieces = expandBraces(word.text, maximumWords);
  bench.inquiry.spend(pieces.length);
  return joinChoices(
    pieces.map((source) => {
      const again = wordOf(source);
      if (!again) {
        return [[]];
      }
      const parts = again.parts?.filter((part) => part.type !== 'BraceExpansion');
      return parts === undefined || parts.length !== again.parts?.length
        ? [[withTilde(again.value, scene)]]
        : choicesOf(parts, scene, bench).map((one) => fieldsOf(one, scene));
    }),
  );
}

function wordOf(source: string): Word | undefined {
  const command = parse(`: ${source}`).commands[0]?.command;
  const first = command?.type === 'Command' ? command.suffix[0] : undefined;
  return first?.type === 'Word' ? first : undefined;
}

/** Every way to choose one list of each, joined in order; where that is too many, the first, and one with all of them. */
export function joinChoices(choices: readonly (readonly string[][])[]): string[][] {
  const count = choices.reduce((product, lists) => product * lists.length, 1);
  if (count > maximumChoices) {
    const all = choices.flatMap((lists) => [...new Set(lists.flat())]);
    return [choices.flatMap(([first = []]) => first), all];
  }
  return choices.reduce<string[][]>(
    (joined, lists) => joined.flatMap((before) => lists.map((list) => [...before, ...list])),
    [[]],
  );
}

function choicesOf(parts: readonly WordPart[], scene: Scene, bench: Bench): Piece[][] {
  let choices: Piece[][] = [[]];
  for (const [index, part] of parts.entries()) {
    const pieces = piecesOf(part, scene, bench).map((piece) =>
      index === 0 && piece.kind === 'bare' ? { ...piece, text: withTilde(piece.text, scene) } : piece,
    );
    choices = choices.flatMap((before) => pieces.map((piece) => [...before, piece])).slice(0, maximumPieces);
  }
  return choices;
}

const texts = (kind: Piece['kind'], values: readonly string[]): Piece[] => values.map((text) => ({ text, kind }));

function piecesOf(part: WordPart, scene: Scene, bench: Bench): Piece[] {
  switch (part.type) {
    case 'Literal':
      return texts(part.text === part.value ? 'bare' : 'quoted', [part.value]);
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return texts('quoted', [part.value]);
    case 'DoubleQuoted':
    case 'LocaleString':
      return texts('quoted', quotedText(part.parts, scene, bench));
    case 'Glob':
      // What stands between the brackets is run, whatever it finds.
      expandParts(part.parts ?? [], scene, bench);
      return texts('bare', [part.kind === 'bracket' ? mark.set + part.text.slice(1) : withGlobs(part.text)]);
    case 'ExtendedGlob':
      return texts('bare', patternChoices(part.operator, part.pattern));
    case 'BraceExpansion':
      return texts('bare', [part.text]);
    default:
      return texts('split', expansionOf(part, scene, bench));
  }
}

type Expansion = Extract<
  WordPart,
  {
    type: 'SimpleExpansion' | 'ParameterExpansion' | 'CommandExpansion' | 'ArithmeticExpansion' | 'ProcessSubstitution';
  }
>;

function expansionOf(part: Expansion, scene: Scene, bench: Bench): readonly string[] {
  switch (part.type) {
    case 'SimpleExpansion':
    case 'ParameterExpansion':
      return expandParameter(part, scene, { bench, readWord: (word) => expandText(word, scene, bench) });
    case 'ArithmeticExpansion':
      return part.expression
        ? expandArithmetic(part.expression, scene, { bench, readParts: (parts) => expandParts(parts, scene, bench) })
        : [mark.some];
    case 'CommandExpansion':
      return [part.script ? outputOf(part.script, scene, bench) : mark.output];
    case 'ProcessSubstitution':
      return [part.script ? processFile(part, scene, bench) : mark.output];
  }
}

type Substitution = NonNullable<Extract<WordPart, { type: 'CommandExpansion' }>['script']>;

function outputOf(script: Substitution, { state, input }: Scene, bench: Bench): string {
  const outcome = bench.inquiry.within(() => bench.runScript(script, { state: state.copy(), input }));
  return outcome.out.replace(/\n+$/, '');
}

/** What `<(…)` prints stands in a file of its own. */
function processFile(
  { script, operator, pos }: Extract<WordPart, { type: 'ProcessSubstitution' }>,
  { state }: Scene,
  bench: Bench,
): string {
  const path = `/dev/fd/${63 + pos}`;
  if (script) {
    const input = { text: operator === '>' ? mark.output : null };
    const { out } = bench.inquiry.within(() => bench.runScript(script, { state: state.copy(), input }));
    state.files.set(path, out);
  }
  return path;
}

function quotedText(
  parts: Extract<WordPart, { type: 'DoubleQuoted' }>['parts'],
  scene: Scene,
  bench: Bench,
): readonly string[] {
  let choices: readonly string[] = [''];
  for (const part of parts) {
    const values = part.type === 'Literal' ? [part.value] : expansionOf(part, scene, bench);
    choices = few(choices.flatMap((before) => values.map((value) => before + value)));
  }
  return choices;
}

function patternChoices(operator: string, pattern: string): string[] {
  const choices = pattern.split('|').map(withGlobs);
  switch (operator) {
    case '@':
      return choices;
    case '?':
      return ['', ...choices];
    default:
      return [mark.star];
  }
}

/** A leading `~` stands for a home folder. */
function withTilde(text: string, { state }: Scene): string {
  const user = /^~([^/]*)/.exec(text);
  if (!user) {
    return text;
  }
  const [whole, name = ''] = user;
  return folderOf(name, state) + text.slice(whole.length);
}

function folderOf(name: string, state: Scene['state']): string {
  switch (name) {
    case '':
      return state.variable('HOME').values[0] ?? homeFolder;
    case 'root':
      return '/root';
    case '+':
      return state.folders[0] ?? homeFolder;
    case '-':
      return mark.some;
    default:
      return `/home/${name}`;
  }
}

/** Splits what unquoted expansions gave at IFS, and lets their patterns count. */
function fieldsOf(pieces: readonly Piece[], { state }: Scene): string[] {
  const separators = state.variable('IFS').values[0] ?? ' \t\n';
  const fields: string[] = [];
  // Undefined where no word has begun.
  let current: string | undefined;
  for (const { text, kind } of pieces) {
    if (text === '' && kind === 'split') {
      continue;
    }
    const [first = '', ...rest] = kind === 'split' ? splitFields(text, separators) : text.split(mark.field);
    current = joinedTo(current, first, kind);
    for (const next of rest) {
      if (current !== undefined) {
        fields.push(current);
      }
      current = joinedTo(undefined, next, kind);
    }
  }
  return current === undefined ? fields : [...fields, current];
}

/** An empty end of a split text begins no word. */
function joinedTo(before: string | undefined, text: string, kind: Piece['kind']): string | undefined {
  return text === '' && kind === 'split' ? before : (before ?? '') + text;
}

function splitFields(text: string, separators: string): string[] {
  const set = `${separators.replace(/[\\\]^-]/g, '\\$&')}${mark.field}`;
  const isBlank = Array.from(separators).every((char) => ' \t\n'.includes(char));
  return withGlobs(text).split(new RegExp(isBlank ? `[${set}]+` : `[${set}]`));
}
