import type { Assignment, Command, CommandArgument, CommandNode, CompoundList } from 'unbash';
import { type Bench, nothing, type Outcome, type Scene } from '../bench.ts';
import { isUnknown, mark } from '../marks.ts';
import { structureRules } from '../rules/structure-rules.ts';
import { judgeEnvironment } from '../rules/judge-environment.ts';
import { expandText, expandWord, joinChoices } from './expand-word.ts';
import { few, type Variable } from './shell-state.ts';
import { keepOutput, openStreams, type Streams } from './streams.ts';

type Running = {
  readonly bench: Bench;
  readonly runNode: (node: CommandNode | CompoundList, scene: Scene, bench: Bench) => Outcome;
};

const declares = new Set(['declare', 'export', 'local', 'readonly', 'typeset']);
const shells = /^(?:.*\/)?(?:ba|da|z|k|a|mk|fi)?sh$/;

/** Runs a simple command: its assignments, its redirects, and whatever its words turn out to be. */
export function runSimple(node: Command, scene: Scene, running: Running): Outcome {
  const { bench } = running;
  const own = node.prefix.filter((part) => part.type === 'Assignment');
  if (!node.name) {
    return runNameless(node, own, { scene, bench });
  }
  const choices = wordsOf(node, scene, bench);
  const isExec = node.name.value === 'exec' && node.args.length === 0;
  const held = isExec ? undefined : new Map(scene.state.descriptors);
  const streams = openStreams(node.redirects, scene, bench);
  const kept = own.map(({ name }) => [name, scene.state.variables.get(name)] as const);
  assignAll(own, scene, bench);
  judgeEnvironment(
    own.map(({ name }) => name),
    scene,
    bench,
  );
  const inner = { state: scene.state, input: streams.input };
  const outcomes = choices.map((words) => {
    judgeConnection(words, streams, bench);
    return runWords(words, inner, running);
  });
  restore(kept, scene);
  scene.state.descriptors = held ?? scene.state.descriptors;
  const outcome = oneOf(outcomes);
  keepOutput(outcome.out, streams, { scene, bench });
  return streams.output === null ? outcome : { ...outcome, out: '' };
}

/** `x=1`, `> file`, `$(< file)`. */
function runNameless(
  node: Command,
  own: readonly Assignment[],
  { scene, bench }: { scene: Scene; bench: Bench },
): Outcome {
  const streams = openStreams(node.redirects, scene, bench);
  assignAll(own, scene, bench);
  judgeEnvironment(
    own.map(({ name }) => name),
    scene,
    bench,
  );
  keepOutput('', streams, { scene, bench });
  const reads = streams.output === null && streams.input !== scene.input;
  return { out: reads ? (streams.input.text ?? '') : '', status: 'ok' };
}

function restore(kept: readonly (readonly [string, Variable | undefined])[], { state }: Scene): void {
  for (const [name, variable] of kept) {
    if (variable) {
      state.variables.set(name, variable);
    } else {
      state.variables.delete(name);
    }
  }
}

function oneOf(outcomes: readonly Outcome[]): Outcome {
  const [first = nothing, ...others] = outcomes;
  return others.every(({ out }) => out === first.out) ? first : { ...first, out: mark.output };
}

function wordsOf({ name, args }: Command, scene: Scene, bench: Bench): string[][] {
  const isDeclaration = name !== undefined && declares.has(name.value);
  const words: readonly CommandArgument[] = name ? [name, ...args] : args;
  return joinChoices(
    words.map((word) => {
      if (word.type === 'Word') {
        return expandWord(word, scene, bench);
      }
      if (isDeclaration) {
        assign(word, scene, bench);
        judgeEnvironment([word.name], scene, bench);
        return [[word.name]];
      }
      const values = word.value.type === 'Word' ? expandText(word.value, scene, bench) : [''];
      return values.map((value) => [`${word.name}=${value}`]);
    }),
  );
}

function assignAll(assignments: readonly Assignment[], scene: Scene, bench: Bench): void {
  for (const assignment of assignments) {
    assign(assignment, scene, bench);
  }
}

function assign({ name, value, append, index }: Assignment, scene: Scene, bench: Bench): void {
  const { state } = scene;
  if (value.type === 'ArrayValue') {
    const before = [...(state.variable(name).items?.values() ?? [])];
    state.assign(name, { values: [''], items: itemsOf(value.elements, append ? before : [], { scene, bench }) });
    return;
  }
  const values = expandText(value, scene, bench);
  const key = index && expandText(index, scene, bench)[0];
  const { items } = state.variable(name);
  if (key !== undefined || (items && !append)) {
    assignItem(name, key ?? '0', { value: values.slice(0, 1).join(''), append: append === true, state });
    return;
  }
  const old = append && state.isSet(name) ? state.variable(name).values : [''];
  state.assign(name, { values: few(old.flatMap((one) => values.map((two) => one + two))) });
}

type Item = { readonly value: string; readonly append: boolean; readonly state: Scene['state'] };

function assignItem(name: string, key: string, { value, append, state }: Item): void {
  const items = new Map(state.variable(name).items);
  const before = append ? (items.get(key) ?? '') : '';
  items.set(key, before + value);
  state.assign(name, { values: [''], items });
}

function itemsOf(
  elements: Extract<Assignment['value'], { type: 'ArrayValue' }>['elements'],
  start: readonly string[],
  { scene, bench }: { scene: Scene; bench: Bench },
): Map<string, string> {
  const items = new Map(start.map((value, index) => [String(index), value]));
  for (const element of elements) {
    const named = /^\[([^\]]+)\]=/.exec(element.text);
    const fields = expandWord(element, scene, bench)[0] ?? [];
    if (named) {
      const [whole = '', key = ''] = named;
      items.set(
        key.replace(/^["']|["']$/g, ''),
        fields.join(' ').replace(/^[^=]*=/, '') || element.text.slice(whole.length),
      );
      continue;
    }
    for (const field of fields) {
      items.set(String(items.size), field);
    }
  }
  return items;
}

function judgeConnection(words: readonly string[], { network }: Streams, bench: Bench): void {
  const [name = '', ...args] = words;
  const runsText = args.includes('-c');
  if (network !== null && (shells.test(name) || isUnknown(name)) && !runsText) {
    bench.inquiry.hit(structureRules.shellOnNetwork, `${words.join(' ')} on ${network}`);
  }
}

function runWords(words: readonly string[], scene: Scene, running: Running): Outcome {
  const { state } = scene;
  const { bench } = running;
  const [name = '', ...args] = words;
  const alias = state.aliases.get(name);
  if (alias !== undefined) {
    const text = [alias, ...args.map(quoted)].join(' ');
    const inner = state.copy();
    inner.aliases.delete(name);
    return bench.inquiry.within(() => bench.runText('shell', text, { state: inner, input: scene.input }));
  }
  const body = state.functions.get(name);
  if (!body) {
    return bench.runWords(words, scene);
  }
  bench.inquiry.called.add(body);
  if (state.calls.includes(name)) {
    return { out: mark.output, status: 'unknown' };
  }
  const { words: before, calls } = state;
  state.words = args;
  state.calls = [...calls, name];
  const outcome = running.runNode(body, scene, bench);
  state.words = before;
  state.calls = calls;
  return { ...outcome, leaves: false };
}

/** One word for a shell, as it stands. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
