import { Environment, Interpreter } from '@huggingface/jinja';
import { filters, refuseGrowth } from './filters.ts';
import { ExpressionError, type ExpressionValue, isList, type ParameterValue, toText } from './parameter-value.ts';
import type { Expression } from './parse-expression.ts';
import { constants, filterFunctionName, functionNames } from './restrict.ts';

/** Texts read and made for one rendered text may hold this many characters together, whatever becomes of them. */
const maximumWork = 32 * 1024 * 1024;

/** What the expressions of one text may cost together: the engine stands still while they are evaluated. */
export class WorkBudget {
  #left = maximumWork;

  /** Throws RangeError when nothing is left. */
  spend(characters: number): void {
    this.#left -= characters;
    if (this.#left < 0) {
      throw new RangeError('Too much text in the expressions');
    }
  }
}

/**
 * The text an expression stands for. All its names must be in `values`.
 * Throws ExpressionError with a sentence free of values, and RangeError when a text grows too long.
 */
export function evaluate(
  expression: Expression,
  values: ReadonlyMap<string, ParameterValue>,
  budget: WorkBudget = new WorkBudget(),
): string {
  const environment = new Environment();
  // The library puts a function of its own there.
  environment.variables.clear();
  for (const [name, value] of [...constants, ...functions(budget)]) {
    environment.set(name, value);
  }
  for (const name of expression.names) {
    environment.set(name, values.get(name));
  }
  try {
    return new Interpreter(environment).run({ type: 'Program', body: [expression.tree] }).toString();
  } catch (error) {
    if (error instanceof ExpressionError || error instanceof RangeError) {
      throw error;
    }
    throw new ExpressionError('the values do not fit this expression', { cause: error });
  }
}

type Operation = (...operands: readonly ExpressionValue[]) => ExpressionValue;

function functions(budget: WorkBudget): Map<string, unknown> {
  const operations = new Map<string, Operation>([
    [functionNames.add, (left = null, right = null) => add(left, right)],
    [functionNames.concatenate, (left = null, right = null) => concatenate(left, right)],
    [functionNames.item, (object = null, key = null) => item(object, key)],
    [functionNames.text, (value = null) => toText(value)],
    ...[...filters].map(([name, { apply }]): [string, Operation] => [
      filterFunctionName(name),
      (value = null, ...given) => apply(value, ...given),
    ]),
  ]);
  const wrap =
    (operation: Operation) =>
    (...operands: readonly unknown[]) => {
      const result = operation(...operands.map(fromLibrary));
      if (typeof result === 'string') {
        refuseGrowth(result.length);
        budget.spend(result.length);
      }
      return toLibrary(result);
    };
  return new Map([...operations].map(([name, operation]) => [name, wrap(operation)]));
}

function add(left: ExpressionValue, right: ExpressionValue): ExpressionValue {
  if (typeof left === 'number' && typeof right === 'number') {
    return left + right;
  }
  if (isList(left) && isList(right)) {
    return [...left, ...right];
  }
  if (typeof left === 'string' || typeof right === 'string') {
    return concatenate(left, right);
  }
  throw new ExpressionError('“+” adds two numbers, two lists or text');
}

function concatenate(left: ExpressionValue, right: ExpressionValue): string {
  const [before, after] = [toText(left), toText(right)];
  refuseGrowth(before.length + after.length);
  return before + after;
}

function item(object: ExpressionValue, key: ExpressionValue): ExpressionValue {
  if (object instanceof Map) {
    return object.get(toText(key)) ?? null;
  }
  if (typeof key !== 'number' || !Number.isInteger(key)) {
    throw new ExpressionError('an index is a whole number');
  }
  if (isList(object)) {
    return object.at(key) ?? null;
  }
  if (typeof object === 'string') {
    return Array.from(object).at(key) ?? null;
  }
  throw new ExpressionError('only a list, a text or a map has parts');
}

/** The library hands over bare values at the top and its own boxes with a `value` below. */
function fromLibrary(value: unknown): ExpressionValue {
  if (Array.isArray(value)) {
    return value.map(unbox);
  }
  if (value instanceof Map) {
    return new Map([...value].map(([key, inner]) => [String(key), unbox(inner)]));
  }
  if (value === undefined || value === null) {
    return null;
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  throw new ExpressionError('the values do not fit this expression');
}

function unbox(box: { readonly value: unknown }): ExpressionValue {
  return fromLibrary(box.value);
}

/** The library reads maps from plain objects only. */
function toLibrary(value: ExpressionValue): unknown {
  if (isList(value)) {
    return value.map(toLibrary);
  }
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, inner]) => [key, toLibrary(inner)]));
  }
  return value;
}
