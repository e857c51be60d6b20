import type { ArithmeticFor, CompoundList, For, Select, While } from 'unbash';
import { type Bench, nothing, type Outcome, type Scene } from '../bench.ts';
import { BudgetSpent } from '../inquiry.ts';
import { isUnknown, mark } from '../marks.ts';
import { expandWord } from './expand-word.ts';
import { expandArithmetic } from './expand-parameter.ts';
import { expandParts } from './expand-word.ts';

type Running = { readonly bench: Bench; readonly runList: (list: CompoundList, scene: Scene) => Outcome };

const maximumWords = 256;
const maximumTurns = 64;

/** Runs a loop as often as it takes to see what it does. */
export function runLoop(node: For | Select | While | ArithmeticFor, scene: Scene, running: Running): Outcome {
  const before = scene.state.copy();
  const outcome = turns(node, scene, running);
  if (outcome.status !== 'ok') {
    scene.state.join(before);
  }
  return outcome;
}

function turns(node: For | Select | While | ArithmeticFor, scene: Scene, running: Running): Outcome {
  switch (node.type) {
    case 'For':
    case 'Select':
      return overWords(node, scene, running);
    case 'While':
      return whileHolds(node, scene, running);
    case 'ArithmeticFor':
      return counted(node, scene, running);
  }
}

function overWords({ name, wordlist, body }: For | Select, scene: Scene, { bench, runList }: Running): Outcome {
  const own = scene.state.words ?? [mark.unset];
  const words = wordlist ? wordlist.flatMap((word) => expandWord(word, scene, bench).flat()) : own;
  const different = [...new Set(words)];
  let out = '';
  for (const word of representative(different)) {
    scene.state.assignText(name.value, word);
    out += runList(body, scene).out;
  }
  return { out, status: different.some(isUnknown) ? 'unknown' : 'ok' };
}

/** Long rows of numbers are all alike; other long lists are not understood. */
function representative(words: readonly string[]): readonly string[] {
  if (words.length > 16 && words.every((word) => /^[\w.:-]*\d[\w.:-]*$/.test(word))) {
    return [...words.slice(0, 4), ...words.slice(-2)];
  }
  if (words.length > maximumWords) {
    throw new BudgetSpent('too many words');
  }
  return words;
}

function whileHolds({ clause, body }: While, scene: Scene, { runList }: Running): Outcome {
  const isConstant = isAlways(clause);
  let out = '';
  let isKnown = true;
  for (let turn = 0; turn < maximumTurns; turn += 1) {
    const { status } = runList(clause, scene);
    if (status === 'failed' && !isConstant) {
      break;
    }
    const outcome = runList(body, scene);
    out += outcome.out;
    isKnown &&= status === 'ok';
    const isSeen = turn > 0 && (isConstant || !isKnown);
    if (isSeen || outcome.leaves) {
      break;
    }
  }
  return { out, status: isKnown ? 'ok' : 'unknown' };
}

function isAlways({ commands }: CompoundList): boolean {
  const command = commands[0]?.command;
  return command?.type === 'Command' && /^(:|true|false)$/.test(command.name?.value ?? '');
}

function counted(
  { initialize, test, update, body }: ArithmeticFor,
  scene: Scene,
  { bench, runList }: Running,
): Outcome {
  const readParts = (parts: Parameters<typeof expandParts>[0]): readonly string[] => expandParts(parts, scene, bench);
  const calculate = (node: typeof test): string =>
    node ? (expandArithmetic(node, scene, { bench, readParts })[0] ?? mark.some) : mark.some;
  calculate(initialize);
  let out = '';
  for (let turn = 0; turn < maximumTurns; turn += 1) {
    const holds = calculate(test);
    if (holds === '0' || (turn > 0 && isUnknown(holds))) {
      break;
    }
    out += runList(body, scene).out;
    calculate(update);
  }
  return { ...nothing, out };
}
