import { forEachChild, type Function as FunctionNode, type SyntaxNode, type While } from 'unbash';

/** A function that starts itself more than once at a time never ends, and nothing else gets a turn. */
export function isForkBomb({ name, body }: FunctionNode): boolean {
  let direct = 0;
  let isApart = false;
  const visit = (node: SyntaxNode, apart: boolean): void => {
    if (node.type === 'Command' && node.name?.value === name.value) {
      direct += 1;
      isApart ||= apart;
    }
    const inner =
      apart ||
      (node.type === 'Pipeline' && node.commands.length > 1) ||
      (node.type === 'Statement' && node.background === true) ||
      node.type === 'Coproc';
    forEachChild(node, (child) => visit(child, inner));
  };
  visit(body, false);
  return isApart || direct > 1;
}

/** `while true; do work & done`, with nothing in it that waits. */
export function spawnsForEver({ clause, body, kind }: While): boolean {
  const test = clause.commands[0]?.command;
  const word = test?.type === 'Command' ? test.name?.value : undefined;
  const isEndless = word === (kind === 'while' ? 'true' : 'false') || (kind === 'while' && word === ':');
  let spawns = false;
  let waits = false;
  const visit = (node: SyntaxNode): void => {
    spawns ||= node.type === 'Statement' && node.background === true;
    waits ||=
      node.type === 'Command' &&
      /^(sleep|wait|read|break|exit|return|inotifywait|timeout|nc|flock)$/.test(node.name?.value ?? '');
    forEachChild(node, visit);
  };
  visit(body);
  return isEndless && spawns && !waits;
}
