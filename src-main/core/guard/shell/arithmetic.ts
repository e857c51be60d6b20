import type { ArithmeticExpression } from 'unbash';

/** How the words of an expression are read; undefined where a value is not known. */
type ReadNumber = (
  word: Extract<ArithmeticExpression, { type: 'ArithmeticWord' | 'ArithmeticCommandExpansion' }>,
) => number | undefined;
type Write = (name: string, value: number | undefined) => void;

/** The value of an arithmetic expression; all of it is read, so that what it runs is seen. */
export function calculate(node: ArithmeticExpression, read: ReadNumber, write: Write): number | undefined {
  switch (node.type) {
    case 'ArithmeticGroup':
      return calculate(node.expression, read, write);
    case 'ArithmeticUnary':
      return unary(node, read, write);
    case 'ArithmeticTernary': {
      const test = calculate(node.test, read, write);
      const yes = calculate(node.consequent, read, write);
      const no = calculate(node.alternate, read, write);
      return test === undefined ? undefined : test === 0 ? no : yes;
    }
    case 'ArithmeticBinary':
      return binary(node, read, write);
    case 'ArithmeticWord':
    case 'ArithmeticCommandExpansion':
      return read(node);
  }
}

type Unary = Extract<ArithmeticExpression, { type: 'ArithmeticUnary' }>;
type Binary = Extract<ArithmeticExpression, { type: 'ArithmeticBinary' }>;

function unary({ operator, operand, prefix }: Unary, read: ReadNumber, write: Write): number | undefined {
  const value = calculate(operand, read, write);
  if (operator === '++' || operator === '--') {
    const next = value === undefined ? undefined : operator === '++' ? value + 1 : value - 1;
    if (operand.type === 'ArithmeticWord') {
      write(operand.value, next);
    }
    return prefix ? next : value;
  }
  if (value === undefined) {
    return undefined;
  }
  return operator === '-' ? -value : operator === '!' ? Number(value === 0) : operator === '~' ? ~value : value;
}

const operators: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => (right === 0 ? 0 : Math.trunc(left / right)),
  '%': (left, right) => (right === 0 ? 0 : left % right),
  '**': (left, right) => left ** right,
  '<<': (left, right) => left << right,
  '>>': (left, right) => left >> right,
  '&': (left, right) => left & right,
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
  '<': (left, right) => Number(left < right),
  '>': (left, right) => Number(left > right),
  '<=': (left, right) => Number(left <= right),
  '>=': (left, right) => Number(left >= right),
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
  '&&': (left, right) => Number(left !== 0 && right !== 0),
  '||': (left, right) => Number(left !== 0 || right !== 0),
  ',': (_, right) => right,
};

function binary({ operator, left, right }: Binary, read: ReadNumber, write: Write): number | undefined {
  const one = calculate(left, read, write);
  const two = calculate(right, read, write);
  const isComparison = ['==', '!=', '<=', '>='].includes(operator);
  if (operator.endsWith('=') && !isComparison) {
    const value = operator === '=' ? two : apply(operator.slice(0, -1), one, two);
    if (left.type === 'ArithmeticWord') {
      write(left.value, value);
    }
    return value;
  }
  return apply(operator, one, two);
}

function apply(operator: string, left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? undefined : operators[operator]?.(left, right);
}
