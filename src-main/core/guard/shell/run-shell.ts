import type { AndOr, CommandNode, CompoundList, Pipeline, PipelineNode, Script, Statement, Word } from 'unbash';
import { type Bench, nothing, type Outcome, type Scene, type Status } from '../bench.ts';
import { expandParts, expandText } from './expand-word.ts';
import { expandArithmetic } from './expand-parameter.ts';
import { isForkBomb, spawnsForEver } from './fork-bomb.ts';
import { refine } from './refine.ts';
import { runLoop } from './run-loop.ts';
import { runSimple } from './run-simple.ts';
import { isShellToNetwork } from './remote-shell.ts';
import { keepOutput, openStreams } from './streams.ts';
import { testStatus } from './test-status.ts';
import { structureRules } from '../rules/structure-rules.ts';

type Node = PipelineNode | AndOr;

/** Walks through parsed code of the shell as a shell would, and judges every command on the way. */
export function runScript(script: Script & { readonly errors?: unknown }, scene: Scene, bench: Bench): Outcome {
  if (Array.isArray(script.errors) && script.errors.length > 0) {
    bench.inquiry.hit(structureRules.unreadable, 'code that no shell could read');
  }
  return runList(script.commands, scene, bench);
}

function runList(statements: readonly Statement[], scene: Scene, bench: Bench): Outcome {
  let out = '';
  let status: Status = 'ok';
  let leaves = false;
  for (const statement of statements) {
    bench.inquiry.at(statement.pos);
    const outcome = runStatement(statement, scene, bench);
    out += outcome.out;
    status = outcome.status;
    leaves ||= outcome.leaves === true;
  }
  return { out, status, leaves };
}

function runStatement({ command, background }: Statement, scene: Scene, bench: Bench): Outcome {
  if (!background) {
    const outcome = runNode(command, scene, bench);
    if (scene.state.options.has('errexit')) {
      refine(command, true, scene.state);
      settleFolder(scene);
    }
    return outcome;
  }
  bench.inquiry.manyAtOnce += 1;
  try {
    return runNode(command, { ...scene, state: scene.state.copy() }, bench);
  } finally {
    bench.inquiry.manyAtOnce -= 1;
  }
}

/** The last `cd` has worked. */
function settleFolder({ state }: Scene): void {
  state.folders = state.folders.slice(0, 1);
}

function runNode(node: Node, scene: Scene, bench: Bench): Outcome {
  bench.inquiry.spend();
  switch (node.type) {
    case 'AndOr':
      return runAndOr(node, scene, bench);
    case 'Pipeline':
      return runPipeline(node, scene, bench);
    case 'Command':
      return runSimple(node, scene, { bench, runNode: runBody });
    default:
      return runCompound(node, scene, bench);
  }
}

/** Bodies of functions, which may be any compound command or a list. */
export function runBody(node: CommandNode | CompoundList, scene: Scene, bench: Bench): Outcome {
  return node.type === 'CompoundList' ? runList(node.commands, scene, bench) : runNode(node, scene, bench);
}

type Compound = Exclude<CommandNode, { type: 'Command' }>;

function runCompound(node: Compound, scene: Scene, bench: Bench): Outcome {
  const { state } = scene;
  switch (node.type) {
    case 'Redirected':
      return runRedirected(node, scene, bench);
    case 'Function':
      return define(node, scene, bench);
    case 'Coproc':
      return runBody(node.body, { state: state.copy(), input: scene.input }, bench);
    case 'Subshell':
      return runList(node.body.commands, { state: state.copy(), input: scene.input }, bench);
    case 'BraceGroup':
      return runList(node.body.commands, scene, bench);
    case 'TestCommand':
      return { out: '', status: testStatus(node.expression, (word) => readTested(word, scene, bench)) };
    case 'ArithmeticCommand':
      return runArithmetic(node, scene, bench);
    case 'If':
      return runIf(node, scene, bench);
    case 'Case':
      return runCase(node, scene, bench);
    default:
      if (node.type === 'While' && spawnsForEver(node)) {
        bench.inquiry.hit(structureRules.endlessSpawn, 'a loop without end starts a new process each time');
      }
      return runLoop(node, scene, { bench, runList: (list, inner) => runList(list.commands, inner, bench) });
  }
}

function runRedirected(node: Extract<Compound, { type: 'Redirected' }>, scene: Scene, bench: Bench): Outcome {
  const streams = openStreams(node.redirects, scene, bench);
  const outcome = runNode(node.command, { state: scene.state, input: streams.input }, bench);
  keepOutput(outcome.out, streams, { scene, bench });
  return streams.output === null ? outcome : { ...outcome, out: '' };
}

/** A subscript in a test is worked out as well, and runs what stands in it. */
function readTested(word: Word, scene: Scene, bench: Bench): readonly string[] {
  const values = expandText(word, scene, bench);
  for (const value of values.filter((one) => /^\w+\[.*(\$\(|`)/.test(one))) {
    bench.inquiry.within(() => bench.runText('shell', `: $((${value}))`, scene));
  }
  return values;
}

function define(node: Extract<Compound, { type: 'Function' }>, { state }: Scene, bench: Bench): Outcome {
  state.functions.set(node.name.value, node.body);
  if (isForkBomb(node)) {
    bench.inquiry.hit(structureRules.forkBomb, `${node.name.value}() calls itself more than once at a time`);
  }
  return nothing;
}

function runArithmetic(
  { expression }: Extract<Compound, { type: 'ArithmeticCommand' }>,
  scene: Scene,
  bench: Bench,
): Outcome {
  const readParts = (parts: Parameters<typeof expandParts>[0]): readonly string[] => expandParts(parts, scene, bench);
  const [value = ''] = expression ? expandArithmetic(expression, scene, { bench, readParts }) : [];
  return { out: '', status: /^-?\d+$/.test(value) ? (value === '0' ? 'failed' : 'ok') : 'unknown' };
}

type IfNode = Extract<Compound, { type: 'If' }>;

function runIf(node: IfNode, scene: Scene, bench: Bench): Outcome {
  const arms = [node, ...node.elif];
  const ends: Scene['state'][] = [];
  const { state } = scene;
  let out = '';
  let leaves = true;
  const finish = (list: CompoundList | undefined, from: Scene['state']): void => {
    const outcome = list && runList(list.commands, { state: from, input: scene.input }, bench);
    out += outcome?.out ?? '';
    if (outcome?.leaves !== true) {
      ends.push(from);
      leaves = false;
    }
  };
  for (const arm of arms) {
    const clause = arm.clause.commands;
    out += runList(clause, scene, bench).out;
    const last = clause.at(-1)?.command;
    const taken = state.copy();
    if (last) {
      refine(last, true, taken);
      refine(last, false, state);
      taken.folders = taken.folders.slice(0, 1);
    }
    finish(arm.then, taken);
  }
  finish(node.else, state.copy());
  joinAll(ends, scene);
  return { out, status: 'unknown', leaves };
}

function joinAll(ends: readonly Scene['state'][], { state }: Scene): void {
  const [first, ...others] = ends;
  if (first) {
    state.become(first);
    for (const other of others) {
      state.join(other);
    }
  }
}

type CaseNode = Extract<Compound, { type: 'Case' }>;

function runCase(node: CaseNode, scene: Scene, bench: Bench): Outcome {
  expandText(node.word, scene, bench);
  const ends: Scene['state'][] = [scene.state.copy()];
  let out = '';
  for (const item of node.items) {
    for (const pattern of item.pattern) {
      expandText(pattern, scene, bench);
    }
    const state = scene.state.copy();
    const outcome = runList(item.body.commands, { state, input: scene.input }, bench);
    out += outcome.out;
    if (outcome.leaves !== true) {
      ends.push(state);
    }
  }
  joinAll(ends, scene);
  return { out, status: 'unknown' };
}

function runAndOr({ commands, operators }: AndOr, scene: Scene, bench: Bench): Outcome {
  const { state } = scene;
  let outcome: Outcome = nothing;
  let leaves = false;
  for (const [index, command] of commands.entries()) {
    const operator = operators[index - 1];
    const before = commands[index - 1];
    if (operator === undefined || before === undefined) {
      outcome = runNode(command, scene, bench);
      leaves = outcome.leaves === true;
      continue;
    }
    const other = state.copy();
    refine(before, operator === '&&', state);
    refine(before, operator !== '&&', other);
    if (operator === '&&') {
      settleFolder(scene);
    }
    const next = runNode(command, scene, bench);
    if (next.leaves) {
      state.become(other);
      if (operator === '||') {
        settleFolder(scene);
      }
    } else if (outcome.status === 'unknown') {
      state.join(other);
    }
    outcome = { out: outcome.out + next.out, status: next.status };
  }
  return leaves ? { ...outcome, leaves } : outcome;
}

function runPipeline({ commands, prefixes }: Pipeline, scene: Scene, bench: Bench): Outcome {
  if (isShellToNetwork(commands)) {
    bench.inquiry.hit(structureRules.shellOnNetwork, 'a shell and a network connection in one pipe');
  }
  const isPipe = commands.length > 1;
  let input = scene.input;
  let outcome: Outcome = nothing;
  bench.inquiry.manyAtOnce += isPipe ? 1 : 0;
  try {
    for (const command of commands) {
      const state = isPipe ? scene.state.copy() : scene.state;
      outcome = runNode(command, { state, input }, bench);
      input = { text: outcome.out };
    }
  } finally {
    bench.inquiry.manyAtOnce -= isPipe ? 1 : 0;
  }
  const isNegated = prefixes.some(({ type }) => type === 'Negation');
  return isNegated ? { ...outcome, status: negated(outcome.status) } : outcome;
}

function negated(status: Status): Status {
  return status === 'ok' ? 'failed' : status === 'failed' ? 'ok' : 'unknown';
}
