import { isUnknown, mark } from '../marks.ts';
import type { EffectKind } from '../rules/rule.ts';
import { structureRules } from '../rules/structure-rules.ts';
import { words } from './dotnet-methods.ts';
import { isHidden, judgeWindowsEffect, judgeWindowsWords } from './judge-windows.ts';
import { runNative } from './native.ts';
import { windowsVariables } from './windows-path.ts';
import type { PowerCall, PowerDesk } from './power-desk.ts';
import { noValue, type PowerValue, textOf, textValue, unknownValue } from './powershell-values.ts';

/** The words of a call, sorted: options by their beginning, the others in order. */
type Given = {
  readonly has: (name: string) => boolean;
  readonly value: (...names: readonly string[]) => PowerValue | undefined;
  readonly positions: readonly PowerValue[];
};

type Cmdlet = (given: Given, call: PowerCall, desk: PowerDesk) => PowerValue;

/** Options without a value; every other option takes the next word. */
const switches =
  /^-(r(ec(u(r(se?)?)?)?)?|fo(rce?)?|f|wh(atif)?|wi|confirm|verbose|v|debug|asjob|passthru|wait|nonewwindow|nowait|all|asplaintext|online|quiet|norestart|append|noclobber|nonewline|raw|directory|file|hidden|system|usebasicparsing|disablekeepalive|removedata|removeoem|shutdown|permanent|allusers|asstring|literal|skiptest|mir|descending|unique|contains|not|a|s|h|q|y)(:.*)?$/i;

type NamedValue = { readonly name: string; readonly value: PowerValue; readonly takes: boolean };

function optionOf({ items, block }: PowerValue, next: PowerValue = noValue): NamedValue | undefined {
  const [text = ''] = items.length === 1 && block === undefined ? items : [];
  const option = /^-([A-Za-z]\w*)(?::(.*))?$/s.exec(text);
  if (!option) {
    return undefined;
  }
  const [, name = '', glued] = option;
  const takes = glued === undefined && !switches.test(text);
  return { name: name.toLowerCase(), value: takes ? next : textValue(glued ?? '$true'), takes };
}

function readGiven({ words: list }: PowerCall): Given {
  const named: { name: string; value: PowerValue }[] = [];
  const positions: PowerValue[] = [];
  for (let at = 0; at < list.length; at += 1) {
    const word = list[at] ?? noValue;
    const option = optionOf(word, list[at + 1]);
    if (option) {
      named.push(option);
      at += option.takes ? 1 : 0;
    } else {
      positions.push(word);
    }
  }
  const find = (full: string): PowerValue | undefined =>
    named.findLast(({ name }) => full === name || (name.length >= 1 && full.startsWith(name)))?.value;
  return {
    has: (name) => {
      const value = find(name);
      return value !== undefined && !/^\$false$/i.test(textOf(value));
    },
    value: (...names) => names.map(find).find((value) => value !== undefined),
    positions,
  };
}

function touch(
  kind: EffectKind,
  paths: PowerValue | undefined,
  { call, desk }: { call: PowerCall; desk: PowerDesk },
): void {
  for (const path of paths?.items ?? []) {
    judgeWindowsEffect({ kind, path, what: lineOf(call) }, desk.folder, desk);
  }
}

function lineOf({ name, words: list, input }: PowerCall): string {
  return [name, ...list.map(textOf), ...(input?.items ?? [])].join(' ');
}

const joinPaths = (...values: readonly (PowerValue | undefined)[]): PowerValue => ({
  items: values.flatMap((value) => value?.items ?? []),
});

const remove: Cmdlet = (given, call, desk) => {
  if (given.has('whatif')) {
    return noValue;
  }
  const paths = joinPaths(given.value('path', 'literalpath', 'pspath'), given.positions[0], call.input);
  const isTree = given.has('recurse') || call.input !== undefined;
  const folders = paths.items.filter((path) => /^[a-z]:[\\/]?$/i.test(path));
  touch(isTree ? 'delete-tree' : 'delete', paths, { call, desk });
  touch('delete-tree', textValue(...folders), { call, desk });
  return noValue;
};

const writes =
  (kind: EffectKind): Cmdlet =>
  (given, call, desk) => {
    touch(
      given.has('append') ? 'append' : kind,
      given.value('path', 'literalpath', 'filepath', 'pspath') ?? given.positions[0],
      { call, desk },
    );
    return call.input ?? noValue;
  };

const copy: Cmdlet = (given, call, desk) => {
  const target =
    given.value('destination') ?? given.positions[given.value('path', 'literalpath') || call.input ? 0 : 1];
  const source = given.value('path', 'literalpath') ?? given.positions[0];
  const isTree = given.has('recurse') && (source?.items ?? []).some((path) => /[\\/]\*$/.test(path));
  touch(isTree ? 'unpack' : 'replace', target, { call, desk });
  return noValue;
};

const move: Cmdlet = (given, call, desk) => {
  const source = joinPaths(given.value('path', 'literalpath') ?? given.positions[0], call.input);
  touch('move', source, { call, desk });
  touch('replace', given.value('destination') ?? given.positions[1], { call, desk });
  return noValue;
};

const unpack: Cmdlet = (given, call, desk) => {
  touch('unpack', given.value('destinationpath', 'destination') ?? given.positions[1], { call, desk });
  return noValue;
};

const rights: Cmdlet = (given, call, desk) => {
  touch('mode-tree', given.value('path', 'literalpath') ?? given.positions[0], { call, desk });
  return noValue;
};

/** Runs code; code that nobody can read is said so. */
const expression: Cmdlet = (given, call, desk) => {
  const code = given.value('command') ?? given.positions[0] ?? call.input ?? unknownValue;
  if (code.block !== undefined) {
    return desk.runBlock(code.block);
  }
  const text = textOf(code);
  if (isHidden(text)) {
    desk.bench.inquiry.hit(structureRules.opaqueCode, lineOf(call));
    return noValue;
  }
  return isUnknown(text) && text.length < 3 ? noValue : desk.bench.inquiry.within(() => desk.runBlock(text));
};

/** Commands that take blocks: each is run. */
const blocks: Cmdlet = ({ positions, value }, call, desk) => {
  const given = [
    value('scriptblock', 'process', 'begin', 'end', 'action', 'filterscript', 'initializationscript', 'expression'),
    ...positions,
  ];
  const list = call.input ?? unknownValue;
  let out: PowerValue = noValue;
  for (const block of given) {
    out =
      block?.block === undefined ? out : desk.runEach(block.block, '_', list.items.length > 0 ? list : unknownValue);
  }
  if (/^(where|sort|select)-object$/.test(call.name)) {
    return list;
  }
  const member = textOf(given.find((block) => block !== undefined && block.block === undefined) ?? noValue);
  if (call.name === 'foreach-object' && member !== '') {
    return desk.method(member, list, []) ?? list;
  }
  return out;
};

const start: Cmdlet = (given, call, desk) => {
  const program = textOf(given.value('filepath') ?? given.positions[0] ?? noValue);
  const given2 = given.value('argumentlist', 'args') ?? given.positions[1] ?? noValue;
  const args = given2.items.flatMap((text) => (given2.items.length === 1 ? words(text) : [text]));
  if (isHidden(program)) {
    desk.bench.inquiry.hit(structureRules.opaqueCode, lineOf(call));
  } else if (program !== '') {
    desk.run({ name: program, words: args.map((text) => textValue(text)), input: undefined });
  }
  return noValue;
};

const passes: Cmdlet = ({ positions, value }, call) =>
  joinPaths(value('path', 'literalpath', 'inputobject', 'name', 'id'), positions[0], call.input);
const list: Cmdlet = (given, call, desk) => {
  const found = passes(given, call, desk);
  const isNarrow = given.value('filter', 'include') !== undefined || given.has('file');
  const paths = found.items.length > 0 ? found : textValue('.');
  return isNarrow && !/^[a-z]:[\\/]?$|windows/i.test(textOf(paths))
    ? textValue(...paths.items.map((path) => `${path}\\${mark.some}`))
    : paths;
};
const join: Cmdlet = ({ positions, value }) =>
  textValue(
    [value('path') ?? positions[0], value('childpath') ?? positions[value('path') ? 0 : 1], positions[2]]
      .flatMap((part) => (part ? [textOf(part)] : []))
      .join('\\'),
  );

const fetch: Cmdlet = (given, call, desk) => {
  touch('write', given.value('outfile', 'destination'), { call, desk });
  return textValue(mark.fetched);
};

const setVariable: Cmdlet = (given, _, desk) => {
  desk.assign(
    textOf(given.value('name') ?? given.positions[0] ?? noValue),
    given.value('value') ?? given.positions[given.value('name') ? 0 : 1] ?? noValue,
  );
  return noValue;
};

const setAlias: Cmdlet = (given, _, desk) => {
  const name = textOf(given.value('name') ?? given.positions[0] ?? noValue);
  const target = textOf(given.value('value', 'definition') ?? given.positions[given.value('name') ? 0 : 1] ?? noValue);
  desk.aliases.set(name.toLowerCase(), target.toLowerCase());
  return noValue;
};

const changeFolder: Cmdlet = (given, _, desk) => {
  const target = textOf(given.value('path', 'literalpath') ?? given.positions[0] ?? noValue);
  desk.folder = /^[a-z]:/i.test(target)
    ? target
    : target.startsWith('\\')
      ? `C:${target}`
      : `${desk.folder}\\${target}`;
  return noValue;
};

/** `Get-Command rem*-it*` finds what its pattern says. */
const findCommand: Cmdlet = ({ positions, value }) => {
  const pattern = textOf(value('name') ?? positions[0] ?? noValue);
  const regex = new RegExp(
    `^${pattern
      .replace(/[.+^$()[\]{}|\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  );
  return textValue(
    ['Remove-Item', 'Invoke-Expression', 'Stop-Computer', 'Restart-Computer', 'Format-Volume', 'Clear-Disk'].find(
      (name) => regex.test(name),
    ) ?? pattern,
  );
};

/** A task, a service or a job that runs a program later. */
const later: Cmdlet = (given, call, desk) => {
  const program = given.value('execute', 'binarypathname', 'commandlinetemplate');
  const args = given.value('argument', 'argumentlist');
  if (program) {
    const [name = '', ...rest] = words(`${textOf(program)} ${args ? textOf(args) : ''}`);
    desk.run({ name, words: rest.map((text) => textValue(text)), input: undefined });
  }
  return blocks(given, call, desk);
};

const remote: Cmdlet = (given, call, desk) => {
  const line = textOf(given.value('argumentlist', 'arguments') ?? noValue);
  const command =
    /commandline\s*=\s*['"]?([^'"}]+)/i.exec(lineOf(call))?.[1] ?? (/create/i.test(lineOf(call)) ? line : '');
  if (command !== '') {
    const [name = '', ...rest] = words(command);
    desk.run({ name, words: rest.map((text) => textValue(text)), input: undefined });
  }
  return noValue;
};

const silent: Cmdlet = () => noValue;
const print: Cmdlet = ({ positions }, call) => joinPaths(...positions, call.input);

const cmdlets: Readonly<Record<string, Cmdlet>> = {
  'remove-item': remove,
  'clear-content': writes('write'),
  'set-content': writes('write'),
  'add-content': writes('append'),
  'out-file': writes('write'),
  'tee-object': writes('write'),
  'new-item': (given, call, desk) => (given.has('force') ? writes('write')(given, call, desk) : noValue),
  'export-csv': writes('write'),
  'copy-item': copy,
  'move-item': move,
  'rename-item': (given, call, desk) => {
    touch('move', given.value('path', 'literalpath') ?? given.positions[0], { call, desk });
    return noValue;
  },
  'expand-archive': unpack,
  'set-acl': rights,
  'invoke-expression': expression,
  'invoke-command': blocks,
  'foreach-object': blocks,
  'where-object': blocks,
  'sort-object': blocks,
  'select-object': blocks,
  'start-job': blocks,
  'start-threadjob': blocks,
  'measure-command': blocks,
  'register-objectevent': blocks,
  'register-engineevent': blocks,
  'start-process': start,
  'get-childitem': list,
  'get-item': passes,
  'resolve-path': passes,
  'convert-path': passes,
  'get-process': (given, call, desk) => {
    const found = passes(given, call, desk);
    return found.items.length > 0 ? found : textValue('*');
  },
  'get-psreadlineoption': () =>
    textValue(`${windowsVariables['APPDATA'] ?? ''}\\Microsoft\\Windows\\PowerShell\\PSReadLine\\x`),
  'get-service': passes,
  'get-localuser': passes,
  'get-wmiobject': ({ positions, value }) => value('class', 'classname', 'query') ?? positions[0] ?? unknownValue,
  'get-ciminstance': ({ positions, value }) => value('classname', 'class', 'query') ?? positions[0] ?? unknownValue,
  'get-content': () => textValue(mark.file),
  'join-path': join,
  'split-path': () => unknownValue,
  'get-command': findCommand,
  'get-alias': findCommand,
  'write-output': print,
  'out-string': print,
  'out-null': silent,
  'write-host': silent,
  'write-verbose': silent,
  'write-warning': silent,
  'write-error': silent,
  'write-information': silent,
  'write-debug': silent,
  'set-variable': setVariable,
  'set-alias': setAlias,
  'set-location': changeFolder,
  'invoke-webrequest': fetch,
  'invoke-restmethod': fetch,
  'start-bitstransfer': fetch,
  'new-scheduledtaskaction': later,
  'register-scheduledtask': later,
  'register-scheduledjob': later,
  'new-service': later,
  'invoke-wmimethod': remote,
  'invoke-cimmethod': remote,
  'new-object': ({ positions, value }) => ({
    items: [],
    type: textOf(value('typename', 'comobject') ?? positions[0] ?? noValue).toLowerCase(),
  }),
};

/** Judges one command of PowerShell, a cmdlet or a program. */
export function runCmdlet(call: PowerCall, desk: PowerDesk): PowerValue {
  const { name, input } = call;
  if (isUnknown(name) && /^[\uFDD0-\uFDDB]*$/.test(name)) {
    const rule = name !== mark.unset && isHidden(name) ? structureRules.opaqueCode : structureRules.opaqueCommand;
    desk.bench.inquiry.hit(rule, lineOf(call));
    return unknownValue;
  }
  const own = Object.hasOwn(cmdlets, name) ? cmdlets[name] : undefined;
  if (!own && !/^[a-z]+-[a-z]\w+$/.test(name)) {
    return runProgram(call, desk);
  }
  const piped = (input?.items ?? []).map((text) => (isUnknown(text) ? '…' : text));
  const flat = call.words.flatMap((word) => word.items);
  judgeWindowsWords({ name, args: [...flat, ...piped], folder: desk.folder }, desk.bench);
  return own ? own(readGiven(call), call, desk) : unknownValue;
}

function runProgram({ name, words: list, input }: PowerCall, desk: PowerDesk): PowerValue {
  const given = list.flatMap(({ block }) => (block === undefined ? [] : [block]));
  const last = name.split('\\').at(-1) ?? '';
  if (/^(powershell|pwsh)(\.exe)?$/.test(last) && given.length > 0) {
    given.forEach((block) => desk.runBlock(block));
    return unknownValue;
  }
  const flat = list.flatMap((word) => word.items);
  const args = last.startsWith('diskpart') ? [...flat, ...(input?.items ?? [])] : flat;
  const scene = { state: desk.scene.state, input: { text: input ? input.items.join('\n') : null } };
  return textValue(runNative({ name, args, folder: desk.folder }, { scene, bench: desk.bench }).out);
}
