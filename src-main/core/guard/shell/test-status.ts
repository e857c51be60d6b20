import type { TestExpression, Word } from 'unbash';
import type { Status } from '../bench.ts';
import { isUnknown } from '../marks.ts';

/** Whether `[[ … ]]` holds; all its words are read, so that what they run is seen. */
export function testStatus(test: TestExpression, read: (word: Word) => readonly string[]): Status {
  switch (test.type) {
    case 'TestUnary':
      return unaryStatus(test.operator, read(test.operand));
    case 'TestBinary':
      return binaryStatus(test.operator, read(test.left), read(test.right));
    case 'TestNot': {
      const status = testStatus(test.operand, read);
      return status === 'unknown' || test.negations.length % 2 === 0 ? status : status === 'ok' ? 'failed' : 'ok';
    }
    case 'TestGroup':
      return testStatus(test.expression, read);
    case 'TestLogical':
      test.operands.forEach((operand) => testStatus(operand, read));
      return 'unknown';
  }
}

/** The same for the words of `test` and `[`. */
export function testWords(words: readonly string[]): Status {
  const [first = '', second, third] = words;
  if (words.length === 3 && second !== undefined && third !== undefined) {
    return binaryStatus(second, [first], [third]);
  }
  return words.length === 2 && second !== undefined ? unaryStatus(first, [second]) : 'unknown';
}

function unaryStatus(operator: string, values: readonly string[]): Status {
  const [value = ''] = values;
  if (values.length !== 1 || isUnknown(value)) {
    return 'unknown';
  }
  return operator === '-z' ? truth(value === '') : operator === '-n' ? truth(value !== '') : 'unknown';
}

const comparisons: Readonly<Record<string, (left: string, right: string) => boolean>> = {
  '=': (left, right) => left === right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '-eq': (left, right) => Number(left) === Number(right),
  '-ne': (left, right) => Number(left) !== Number(right),
  '-lt': (left, right) => Number(left) < Number(right),
  '-le': (left, right) => Number(left) <= Number(right),
  '-gt': (left, right) => Number(left) > Number(right),
  '-ge': (left, right) => Number(left) >= Number(right),
};

function binaryStatus(operator: string, left: readonly string[], right: readonly string[]): Status {
  const [one = ''] = left;
  const [two = ''] = right;
  if (left.length !== 1 || right.length !== 1 || /[\uFDD0-\uFDDB]/.test(one + two)) {
    return 'unknown';
  }
  const compare = comparisons[operator];
  return compare ? truth(compare(one, two)) : 'unknown';
}

function truth(holds: boolean): Status {
  return holds ? 'ok' : 'failed';
}
