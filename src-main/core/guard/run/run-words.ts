import { type Bench, nothing, type Outcome, type Scene } from '../bench.ts';
import { emptied, hasGlob, isUnknown, mark, mayBeEmpty } from '../marks.ts';
import type { Call } from '../rules/call.ts';
import { judgeArgv, toolNames } from '../rules/judge-argv.ts';
import { pathsOf } from '../rules/linux-path.ts';
import { structureRules } from '../rules/structure-rules.ts';
import { globRegex } from '../shell/glob-text.ts';
import { contentOf } from '../shell/streams.ts';
import { builtins } from './builtins.ts';
import { carriers, runHidden, runWrapped } from './carriers.ts';
import type { Handler } from './handler.ts';
import { runDatabase, runInterpreter, runSmallLanguages } from './interpreters.ts';
import { knownOutput } from './known-output.ts';
import { spreaders } from './spreaders.ts';

const maximumCandidates = 12;

/** Judges one command of the shell, with all that its words run. */
export function runWords(words: readonly string[], scene: Scene, bench: Bench): Outcome {
  bench.inquiry.spend();
  const [first = '', ...args] = words;
  if (words.length === 0) {
    return nothing;
  }
  if (first.includes(mark.self) && bench.inquiry.manyAtOnce > 0) {
    bench.inquiry.hit(structureRules.selfSpawn, words.join(' '));
  }
  if (isUnknown(first)) {
    return runUnknown(words, scene, bench);
  }
  if (hasGlob(first)) {
    return runPattern(first, args, { scene, bench });
  }
  const path = programOf(first, scene);
  const name = nameOf(path);
  const text = first.includes('/') ? contentOf(first, scene) : null;
  if (text !== null && text !== '' && !/^\uFDDB*$/.test(text)) {
    return bench.runWords([shebangOf(text), first, ...args], scene);
  }
  bench.inquiry.commands += 1;
  return runNamed({ name, args, what: words.join(' ') }, scene, bench);
}

function shebangOf(text: string): string {
  return /^#!\s*(?:\S*\/env\s+)?(?:\S*\/)?([\w.-]+)/.exec(text)?.[1] ?? 'sh';
}

/** What a link or a copy of a program stands for. */
function programOf(first: string, { state }: Scene): string {
  return first.includes('/') ? (pathsOf(first, state)[0] ?? first) : first;
}

function nameOf(path: string): string {
  const last = path.split('/').at(-1) ?? path;
  return last.replace(/\.exe$/i, '');
}

const handlers: readonly Handler[] = [
  (call, scene, bench) => (Object.hasOwn(builtins, call.name) ? builtins[call.name]?.(call, scene, bench) : undefined),
  (call, scene, bench) => (Object.hasOwn(carriers, call.name) ? carriers[call.name]?.(call, scene, bench) : undefined),
  (call, scene, bench) =>
    Object.hasOwn(spreaders, call.name) ? spreaders[call.name]?.(call, scene, bench) : undefined,
  runHidden,
  runWrapped,
  runInterpreter,
  runSmallLanguages,
  runDatabase,
];

function runNamed(call: Call, scene: Scene, bench: Bench): Outcome {
  judgeArgv(call, scene, bench);
  for (const handle of handlers) {
    const outcome = handle(call, scene, bench);
    if (outcome) {
      return outcome;
    }
  }
  return { out: knownOutput(call, scene), status: 'unknown' };
}

/** The name of the program is not in the text. */
function runUnknown(words: readonly string[], scene: Scene, bench: Bench): Outcome {
  const [first = '', ...args] = words;
  const { inquiry } = bench;
  const what = words.join(' ');
  if (first.includes(mark.network)) {
    inquiry.hit(structureRules.shellOnNetwork, what);
    return nothing;
  }
  const base = first.split('/').at(-1) ?? '';
  if (!/^[\uFDD0-\uFDDB]*$/.test(base)) {
    // A folder or an ending comes from outside; the name is here.
    const name = emptied(base).replaceAll(mark.some, '');
    return isUnknown(base)
      ? inquiry.perhaps(() => bench.runWords([name, ...args], scene))
      : bench.runWords([base, ...args], scene);
  }
  if (first.includes(mark.fetched)) {
    inquiry.hit(structureRules.opaqueCode, what);
  } else if (isDecidedOutside(first, args)) {
    inquiry.hit(structureRules.opaqueCommand, what);
  }
  if (args.some((word) => /^-\w*[rR]\w*[fF]|^-\w*f\w*[rR]/.test(word))) {
    inquiry.perhaps(() => judgeArgv({ name: 'rm', args, what }, scene, bench));
  }
  // An empty word is none, and the next is the command.
  return mayBeEmpty(first) && args.length > 0 ? bench.runWords(args, scene) : { out: mark.output, status: 'unknown' };
}

function isDecidedOutside(first: string, args: readonly string[]): boolean {
  return /^[\uFDD0\uFDD1]+$/.test(first) && args.every((word) => /^[\uFDD0-\uFDDB]*$/.test(word));
}

/** `/bin/r?`: whatever program that finds. */
function runPattern(first: string, args: readonly string[], { scene, bench }: { scene: Scene; bench: Bench }): Outcome {
  const regex = globRegex(first.split('/').at(-1) ?? '');
  const names = toolNames.filter((name) => regex?.test(name));
  for (const name of names.slice(0, maximumCandidates)) {
    bench.runWords([name, ...args], scene);
  }
  return { out: mark.output, status: 'unknown' };
}
