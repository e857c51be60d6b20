import type { ArithmeticExpression, Word, WordPart } from 'unbash';
import type { Bench, Scene } from '../bench.ts';
import { isUnknown, mark } from '../marks.ts';
import { calculate } from './arithmetic.ts';
import { operate } from './expand-operation.ts';
import { few, type ShellState } from './shell-state.ts';

type Parameter = Extract<WordPart, { type: 'SimpleExpansion' | 'ParameterExpansion' }>;
type Full = Extract<Parameter, { type: 'ParameterExpansion' }>;
type Reading = { readonly bench: Bench; readonly readWord: (word: Word) => readonly string[] };
type Found = { readonly values: readonly string[]; readonly isSet: boolean };

/** The values `$x` and `${x…}` may have. */
export function expandParameter(part: Parameter, scene: Scene, reading: Reading): readonly string[] {
  const { state } = scene;
  if (part.type === 'SimpleExpansion') {
    return lookUp(part.text.slice(1).replaceAll('\\\n', ''), undefined, state).values;
  }
  const index = part.index && reading.readWord(part.index)[0];
  if (part.prefix === '#') {
    return [lengthOf(part, index, state)];
  }
  if (part.prefix === '!') {
    return indirect(part, index, scene);
  }
  const { operation } = part;
  const found = lookUp(part.parameter, index, state);
  if (!operation) {
    return found.values;
  }
  if (operation.type === 'Slice' && isList(part.parameter, index)) {
    return slicedList(operation, found, reading);
  }
  return afterOperation(part, found, { scene, reading });
}

function afterOperation(
  { operation, parameter }: Full,
  { values, isSet }: Found,
  { scene, reading }: { scene: Scene; reading: Reading },
): readonly string[] {
  if (!operation) {
    return values;
  }
  const read = (word: object): readonly string[] => reading.readWord(word as Word);
  const made = few(
    values.flatMap((value) =>
      value.includes(mark.field)
        ? [
            value
              .split(mark.field)
              .map((item) => operate(operation, { value: item, isSet }, read)[0] ?? '')
              .join(mark.field),
          ]
        : operate(operation, { value, isSet }, read),
    ),
  );
  if (operation.type === 'Default' && /^:?[=?]$/.test(operation.operator) && /^\w/.test(parameter)) {
    scene.state.assign(parameter, { values: made });
  }
  return made;
}

function isList(name: string, index: string | undefined): boolean {
  return name === '@' || name === '*' || index === '@' || index === '*';
}

function slicedList(
  { offset, length }: Extract<NonNullable<Full['operation']>, { type: 'Slice' }>,
  { values }: Found,
  { readWord }: Reading,
): readonly string[] {
  const from = Number(readWord(offset)[0]);
  const count = length === undefined ? undefined : Number(readWord(length)[0]);
  return values.map((value) => {
    if (isUnknown(value) || !Number.isInteger(from)) {
      return value;
    }
    const items = ['', ...value.split(mark.field)];
    return items.slice(from, count === undefined ? undefined : from + count).join(mark.field);
  });
}

/** The value of `${name[index]}`. */
function lookUp(name: string, index: string | undefined, state: ShellState): Found {
  const special = specialValue(name, state);
  if (special !== undefined) {
    return { values: [special], isSet: true };
  }
  const variable = state.variable(name);
  const isSet = state.isSet(name);
  if (index === undefined) {
    return { values: variable.items ? [variable.items.get('0') ?? ''] : variable.values, isSet };
  }
  if (!variable.items) {
    return { values: index === '@' || index === '*' || index === '0' ? variable.values : [''], isSet };
  }
  if (index === '@' || index === '*') {
    return { values: [[...variable.items.values()].join(mark.field)], isSet };
  }
  return { values: [itemAt(variable.items, index)], isSet };
}

function itemAt(items: ReadonlyMap<string, string>, index: string): string {
  if (isUnknown(index)) {
    return mark.unset;
  }
  const exact = items.get(index);
  if (exact !== undefined) {
    return exact;
  }
  const number = Number(index);
  return number < 0 ? ([...items.values()].at(number) ?? '') : '';
}

function positional(number: number, { words, variables }: ShellState): string {
  if (number === 0) {
    return variables.get('0')?.values[0] ?? `/${mark.some}/${mark.self}`;
  }
  return words === null ? mark.unset : (words[number - 1] ?? '');
}

function specialValue(name: string, state: ShellState): string | undefined {
  const { words, folders } = state;
  if (/^\d+$/.test(name)) {
    return positional(Number(name), state);
  }
  if (/^[?$!_]$/.test(name)) {
    return mark.some;
  }
  switch (name) {
    case '@':
    case '*':
      return words === null ? mark.unset : words.join(mark.field);
    case '#':
      return words === null ? mark.some : String(words.length);
    case '-':
      return 'hB';
    case 'OLDPWD':
      return folders.at(-1);
    default:
      return undefined;
  }
}

function lengthOf({ parameter }: Full, index: string | undefined, state: ShellState): string {
  const { values } = lookUp(parameter, index, state);
  const [value = ''] = values;
  if (values.length !== 1 || isUnknown(value)) {
    return mark.some;
  }
  return String(isList(parameter, index) ? value.split(mark.field).length : value.length);
}

/** `${!name}`: the variable whose name is in another; `${!name@}` and `${!a[@]}` give names. */
function indirect({ parameter, operation }: Full, index: string | undefined, { state }: Scene): readonly string[] {
  if (operation?.type === 'Names') {
    return [[...state.variables.keys()].filter((name) => name.startsWith(parameter)).join(mark.field)];
  }
  if (index === '@' || index === '*') {
    return [[...(state.variable(parameter).items?.keys() ?? ['0'])].join(mark.field)];
  }
  return few(
    lookUp(parameter, index, state).values.flatMap((name) => {
      const [, base = name, inner] = /^(\w+)\[([^\]]*)\]$/.exec(name) ?? [];
      return isUnknown(name) ? [mark.unset] : lookUp(base, inner, state).values;
    }),
  );
}

type Counting = { readonly bench: Bench; readonly readParts: (parts: readonly WordPart[]) => readonly string[] };

/** The value of `$((…))`; what stands inside is run on the way. */
export function expandArithmetic(
  expression: ArithmeticExpression,
  scene: Scene,
  counting: Counting,
): readonly string[] {
  const { state } = scene;
  const { bench } = counting;
  const value = calculate(
    expression,
    (word) => {
      bench.inquiry.spend();
      if (word.type === 'ArithmeticCommandExpansion') {
        const out = word.script ? bench.runScript(word.script, scene).out : mark.some;
        return numberOf(out.trim(), scene, bench);
      }
      const text = word.parts ? (counting.readParts(word.parts)[0] ?? '') : word.value;
      return numberOf(text, scene, bench);
    },
    (name, next) => {
      if (/^\w+$/.test(name)) {
        state.assignText(name, next === undefined ? mark.some : String(next));
      }
    },
  );
  return [value === undefined ? mark.some : String(value)];
}

function numberOf(text: string, scene: Scene, bench: Bench): number | undefined {
  if (/^[+-]?(0x[\da-f]+|\d+)$/i.test(text)) {
    return /^0\d/.test(text) ? Number.parseInt(text, 8) : Number(text);
  }
  const based = /^(\d+)#(\w+)$/.exec(text);
  if (based) {
    return Number.parseInt(based[2] ?? '', Number(based[1]));
  }
  if (!/^[A-Za-z_]\w*$/.test(text)) {
    return undefined;
  }
  const { values } = scene.state.variable(text);
  const [value = ''] = values;
  // A value is an expression itself, and runs what is in its subscripts.
  if (/\$\(|`/.test(value)) {
    bench.inquiry.within(() => bench.runText('shell', `: $((${value}))`, scene));
  }
  return values.length === 1 && /^-?\d+$/.test(value) ? Number(value) : value === '' ? 0 : undefined;
}
