import type { CommandNode, PipelineNode, AndOr, TestExpression, Word } from 'unbash';
import { mayBeEmpty, notEmpty } from '../marks.ts';
import type { ShellState } from './shell-state.ts';

type Node = PipelineNode | AndOr;

/** What is known of variables once a test such as `[ -n "$x" ]` has held, or has not. */
export function refine(node: Node, holds: boolean, state: ShellState): void {
  switch (node.type) {
    case 'AndOr':
      if (node.operators.every((operator) => operator === (holds ? '&&' : '||'))) {
        for (const part of node.commands) {
          refine(part, holds, state);
        }
      }
      return;
    case 'Pipeline': {
      const [only, ...others] = node.commands;
      if (only && others.length === 0) {
        refine(only, node.prefixes.some(({ type }) => type === 'Negation') ? !holds : holds, state);
      }
      return;
    }
    case 'TestCommand':
      refineTest(node.expression, holds, state);
      return;
    case 'Command':
      refineCommand(node, holds, state);
      return;
    default:
  }
}

function refineTest(test: TestExpression, holds: boolean, state: ShellState): void {
  switch (test.type) {
    case 'TestUnary':
      refineUnary(test.operator, { word: test.operand, holds, state });
      return;
    case 'TestNot':
      refineTest(test.operand, test.negations.length % 2 === 1 ? !holds : holds, state);
      return;
    case 'TestGroup':
      refineTest(test.expression, holds, state);
      return;
    case 'TestLogical':
      if (test.operator === (holds ? '&&' : '||')) {
        for (const one of test.operands) {
          refineTest(one, holds, state);
        }
      }
      return;
    case 'TestBinary':
      refineComparison(test.operator, { left: test.left, right: test.right, holds, state });
  }
}

function refineCommand(
  { name, args }: Extract<CommandNode, { type: 'Command' }>,
  holds: boolean,
  state: ShellState,
): void {
  if (name?.value !== '[' && name?.value !== 'test') {
    return;
  }
  const words = args.filter((arg) => arg.type === 'Word').filter(({ value }) => value !== ']');
  const isNegated = words[0]?.value === '!';
  refineWords(isNegated ? words.slice(1) : words, isNegated !== holds, state);
}

function refineWords([first, second, third]: readonly Word[], holds: boolean, state: ShellState): void {
  if (first && second && third) {
    refineComparison(second.value, { left: first, right: third, holds, state });
  } else if (first && second) {
    refineUnary(first.value, { word: second, holds, state });
  } else if (first) {
    refineUnary('-n', { word: first, holds, state });
  }
}

const needsContent = new Set([
  '-n',
  '-d',
  '-e',
  '-f',
  '-s',
  '-r',
  '-w',
  '-x',
  '-L',
  '-h',
  '-b',
  '-p',
  '-S',
  '-O',
  '-a',
]);

type Unary = { readonly word: Word; readonly holds: boolean; readonly state: ShellState };

function refineUnary(operator: string, { word, holds, state }: Unary): void {
  const isEmpty = operator === '-z';
  const name = variableOf(word);
  if (name === undefined || (isEmpty ? holds : !holds) || !(isEmpty || needsContent.has(operator))) {
    return;
  }
  const values = state
    .variable(name)
    .values.filter((value) => value !== '')
    .map(notEmpty);
  state.assign(name, { ...state.variable(name), values: values.length > 0 ? values : [notEmptyText] });
}

const notEmptyText = notEmpty('\uFDD0');

type Comparison = { readonly left: Word; readonly right: Word; readonly holds: boolean; readonly state: ShellState };

function refineComparison(operator: string, { left, right, holds, state }: Comparison): void {
  const name = variableOf(left);
  const isEquality = operator === '=' || operator === '==';
  if (name === undefined || !(isEquality || operator === '!=') || right.value.includes('$')) {
    return;
  }
  const other = right.value;
  const variable = state.variable(name);
  if (isEquality === holds) {
    if (variable.values.some(mayBeEmpty)) {
      state.assign(name, { ...variable, values: [other] });
    }
    return;
  }
  const values = variable.values.filter((value) => value !== other);
  if (values.length > 0) {
    state.assign(name, { ...variable, values: other === '' ? values.map(notEmpty) : values });
  }
}

/** The variable a word is nothing but: `"$x"`, `${x}`, `"${x:-}"`. */
function variableOf(word: Word): string | undefined {
  return /^"?\$\{?(\w+)(?::?-)?\}?"?$/.exec(word.text)?.[1];
}
