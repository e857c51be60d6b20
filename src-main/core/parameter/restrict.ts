import { filters } from './filters.ts';
import type { NodeOf, SyntaxTree } from './syntax-tree.ts';

/** Names of our functions in the interpreter's context; the blank keeps them out of reach of any text. */
export const functionNames = { add: 'operator +', concatenate: 'operator ~', item: 'operator []', text: 'to text' };

export function filterFunctionName(filter: string): string {
  return `filter ${filter}`;
}

export const constants: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

const reservedWords = new Set(['and', 'or', 'not', 'in', 'is', 'if', 'else']);
const tests = new Set(
  'boolean defined even false integer iterable lower mapping none number odd sequence string true undefined upper'.split(
    ' ',
  ),
);

type Findings = { readonly names: Set<string>; problem: string | null };

type Rewrite<Type extends SyntaxTree['type']> = (node: NodeOf<Type>, findings: Findings) => SyntaxTree;

/**
 * Rewrites a parsed expression into one that can call nothing but our own functions, and collects its free names.
 * Throws for a tree that no Jinja would accept, such as `if` as a name.
 */
export function restrict(tree: SyntaxTree): { tree: SyntaxTree; names: string[]; problem: string | null } {
  const findings: Findings = { names: new Set(), problem: null };
  const restricted = call(functionNames.text, [rewrite(tree, findings)]);
  return { tree: restricted, names: [...findings.names], problem: findings.problem };
}

function rewrite(node: SyntaxTree, findings: Findings): SyntaxTree {
  if (!Object.hasOwn(rewrites, node.type)) {
    throw new SyntaxError('Not an expression');
  }
  // The table pairs each type with its own node; the compiler cannot follow that through a lookup.
  const rewriteNode = rewrites[node.type] as (node: SyntaxTree, findings: Findings) => SyntaxTree;
  return rewriteNode(node, findings);
}

const rewrites: { readonly [Type in SyntaxTree['type']]: Rewrite<Type> } = {
  IntegerLiteral: (node) => node,
  FloatLiteral: (node) => node,
  StringLiteral: (node) => node,
  ArrayLiteral: (node, findings) => ({ ...node, value: node.value.map((item) => rewrite(item, findings)) }),
  // The interpreter cannot print its own tuples.
  TupleLiteral: (node, findings) => rewrite({ type: 'ArrayLiteral', value: node.value }, findings),
  ObjectLiteral: (node, findings) => {
    const entries = [...node.value].map(([key, value]) => [rewrite(key, findings), rewrite(value, findings)] as const);
    return { ...node, value: new Map(entries) };
  },
  Identifier: rewriteName,
  UnaryExpression: (node, findings) => ({ ...node, argument: rewrite(node.argument, findings) }),
  BinaryExpression: rewriteBinary,
  Ternary: (node, findings) => ({
    ...node,
    trueExpr: rewrite(node.trueExpr, findings),
    condition: rewrite(node.condition, findings),
    falseExpr: rewrite(node.falseExpr, findings),
  }),
  SelectExpression: (node, findings) => ({
    ...node,
    lhs: rewrite(node.lhs, findings),
    test: rewrite(node.test, findings),
  }),
  TestExpression: (node, findings) => {
    if (!tests.has(node.test.value)) {
      report(findings, `there is no test “is ${node.test.value}”`);
    }
    return { ...node, operand: rewrite(node.operand, findings) };
  },
  FilterExpression: rewriteFilter,
  MemberExpression: rewriteMember,
  SliceExpression: (node, findings) => {
    const optional = (part: SyntaxTree | undefined) => part && rewrite(part, findings);
    return { ...node, start: optional(node.start), stop: optional(node.stop), step: optional(node.step) };
  },
  CallExpression: (node, findings) => {
    if (node.callee.type === 'Identifier') {
      refuseReserved(node.callee.value);
    } else {
      rewrite(node.callee, findings);
    }
    report(findings, 'nothing can be called here; there are filters instead');
    return { ...node, args: node.args.map((argument) => rewrite(argument, findings)) };
  },
  KeywordArgumentExpression: (node, findings) => ({ ...node, value: rewrite(node.value, findings) }),
  SpreadExpression: rewriteSpread,
  KeywordSpreadExpression: rewriteSpread,
};

function rewriteName(node: NodeOf<'Identifier'>, findings: Findings): SyntaxTree {
  refuseReserved(node.value);
  if (!constants.has(node.value)) {
    findings.names.add(node.value);
  }
  return node;
}

/** Ours check how long the result grows, and join anything as text. */
function rewriteBinary(node: NodeOf<'BinaryExpression'>, findings: Findings): SyntaxTree {
  const [left, right] = [rewrite(node.left, findings), rewrite(node.right, findings)];
  switch (node.operator.value) {
    case '+':
      return call(functionNames.add, [left, right]);
    case '~':
      return call(functionNames.concatenate, [left, right]);
    default:
      return { ...node, left, right };
  }
}

/** The library has no `quote` and cannot register one, so every filter becomes a call of a function in the context. */
function rewriteFilter(node: NodeOf<'FilterExpression'>, findings: Findings): SyntaxTree {
  const operand = rewrite(node.operand, findings);
  const callee = node.filter.type === 'Identifier' ? node.filter : node.filter.callee;
  const given = node.filter.type === 'Identifier' ? [] : node.filter.args;
  const name = callee.type === 'Identifier' ? callee.value : '';
  const filter = filters.get(name);
  if (!filter) {
    report(findings, `there is no filter “${name}”; there are ${[...filters.keys()].join(', ')}`);
    given.forEach((argument) => rewrite(argument, findings));
    return operand;
  }
  const positional = given.filter(({ type }) => type !== 'KeywordArgumentExpression');
  const named = given.filter((argument) => argument.type === 'KeywordArgumentExpression');
  const unknown = named.some(({ key }) => filter.parameters.indexOf(key.value) < positional.length);
  if (unknown || positional.length > filter.parameters.length) {
    report(findings, `“${name}” takes ${filter.parameters.join(', ') || 'no arguments'}`);
  }
  const chosen = filter.parameters.map(
    (parameter, index) => positional[index] ?? named.find(({ key }) => key.value === parameter)?.value ?? none,
  );
  return call(filterFunctionName(name), [operand, ...chosen.map((argument) => rewrite(argument, findings))]);
}

/** Only an index or a slice is looked up, by our own function: the library would hand out its methods. */
function rewriteMember(node: NodeOf<'MemberExpression'>, findings: Findings): SyntaxTree {
  const object = rewrite(node.object, findings);
  if (node.property.type === 'SliceExpression') {
    return { ...node, object, property: rewrite(node.property, findings) };
  }
  if (!node.computed && node.property.type === 'Identifier') {
    report(findings, `parameters have no attributes such as “.${node.property.value}”`);
    return object;
  }
  return call(functionNames.item, [object, rewrite(node.property, findings)]);
}

function rewriteSpread(node: NodeOf<'SpreadExpression' | 'KeywordSpreadExpression'>, findings: Findings): SyntaxTree {
  report(findings, 'arguments cannot be unpacked with “*”');
  return rewrite(node.argument, findings);
}

const none: SyntaxTree = { type: 'Identifier', value: 'none' };

function call(functionName: string, args: readonly SyntaxTree[]): SyntaxTree {
  return { type: 'CallExpression', callee: { type: 'Identifier', value: functionName }, args };
}

function refuseReserved(name: string): void {
  if (reservedWords.has(name)) {
    throw new SyntaxError('A reserved word is no name');
  }
}

function report(findings: Findings, problem: string): void {
  findings.problem ??= problem;
}
