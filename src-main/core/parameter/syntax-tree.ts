/** The part of the library's tree that can stand between two braces; the library does not export these types. */
export type SyntaxTree =
  | LiteralNode<'IntegerLiteral', number>
  | LiteralNode<'FloatLiteral', number>
  | LiteralNode<'StringLiteral', string>
  | LiteralNode<'ArrayLiteral', readonly SyntaxTree[]>
  | LiteralNode<'TupleLiteral', readonly SyntaxTree[]>
  | LiteralNode<'ObjectLiteral', ReadonlyMap<SyntaxTree, SyntaxTree>>
  | IdentifierNode
  | CallNode
  | UnaryNode
  | BinaryNode
  | TernaryNode
  | SelectNode
  | TestNode
  | FilterNode
  | MemberNode
  | SliceNode
  | KeywordArgumentNode
  | SpreadNode<'SpreadExpression'>
  | SpreadNode<'KeywordSpreadExpression'>;

export type NodeOf<Type extends SyntaxTree['type']> = Extract<SyntaxTree, { readonly type: Type }>;

type LiteralNode<Type, Value> = { readonly type: Type; readonly value: Value };

type SpreadNode<Type> = { readonly type: Type; readonly argument: SyntaxTree };

type OperatorToken = { readonly value: string };

type UnaryNode = {
  readonly type: 'UnaryExpression';
  readonly operator: OperatorToken;
  readonly argument: SyntaxTree;
};

type SelectNode = { readonly type: 'SelectExpression'; readonly lhs: SyntaxTree; readonly test: SyntaxTree };

type IdentifierNode = { readonly type: 'Identifier'; readonly value: string };

type CallNode = {
  readonly type: 'CallExpression';
  readonly callee: SyntaxTree;
  readonly args: readonly SyntaxTree[];
};

type BinaryNode = {
  readonly type: 'BinaryExpression';
  readonly operator: OperatorToken;
  readonly left: SyntaxTree;
  readonly right: SyntaxTree;
};

type TernaryNode = {
  readonly type: 'Ternary';
  readonly condition: SyntaxTree;
  readonly trueExpr: SyntaxTree;
  readonly falseExpr: SyntaxTree;
};

type TestNode = {
  readonly type: 'TestExpression';
  readonly operand: SyntaxTree;
  readonly negate: boolean;
  readonly test: IdentifierNode;
};

type FilterNode = {
  readonly type: 'FilterExpression';
  readonly operand: SyntaxTree;
  readonly filter: IdentifierNode | CallNode;
};

type MemberNode = {
  readonly type: 'MemberExpression';
  readonly object: SyntaxTree;
  readonly property: SyntaxTree;
  readonly computed: boolean;
};

type SliceNode = {
  readonly type: 'SliceExpression';
  readonly start: SyntaxTree | undefined;
  readonly stop: SyntaxTree | undefined;
  readonly step: SyntaxTree | undefined;
};

type KeywordArgumentNode = {
  readonly type: 'KeywordArgumentExpression';
  readonly key: IdentifierNode;
  readonly value: SyntaxTree;
};
