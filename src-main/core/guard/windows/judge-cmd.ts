import type { Bench, Outcome, Scene } from '../bench.ts';
import { isUnknown, mark, plainText } from '../marks.ts';
import { structureRules } from '../rules/structure-rules.ts';
import { isHidden, judgeWindowsEffect } from './judge-windows.ts';
import { runNative } from './native.ts';
import { windowsVariables } from './windows-path.ts';

type Place = { readonly scene: Scene; readonly bench: Bench };

/** What a batch file remembers between two lines. */
type Memory = { readonly variables: Map<string, string>; folder: string };

const startFolder = `C:\\Users\\${mark.home}`;

/** Judges a batch file, or a command line of cmd. */
export function judgeCmd(text: string, place: Place): Outcome {
  const memory: Memory = { variables: new Map(), folder: startFolder };
  let out = '';
  let at = 0;
  for (const line of text.replaceAll('\r', '').replace(/\^\n/g, '').split('\n')) {
    place.bench.inquiry.at(at);
    at += line.length + 1;
    out += runLine(line, memory, place);
  }
  return { out, status: 'unknown' };
}

function runLine(line: string, memory: Memory, place: Place): string {
  place.bench.inquiry.spend();
  if (/^\s*@?\s*(rem\b|::|:\w)/i.test(line)) {
    return '';
  }
  const expanded = withVariables(line, memory);
  if (/^\s*%0\s*\|\s*%0/.test(line) || /%~?\w*0"?\s*\|\s*"?%~?\w*0|start\s+("[^"]*"\s*)?"?%~?\w*0/i.test(line)) {
    place.bench.inquiry.hit(structureRules.selfSpawn, line);
  }
  let piped: string | null = null;
  let out = '';
  for (const { text, joins } of partsOf(expanded)) {
    const printed = runPart(text, memory, { ...place, scene: { ...place.scene, input: { text: piped } } });
    piped = joins === '|' ? printed : null;
    out += joins === '|' ? '' : printed;
  }
  return out;
}

/** `%name%`, `%name:~0,3%`, `%name:a=b%`, `!name!`, `%1`; what nobody set comes from outside. */
function withVariables(line: string, { variables }: Memory): string {
  const valueOf = (name: string): string =>
    variables.get(name.toUpperCase()) ?? windowsVariables[name.toUpperCase()] ?? mark.unset;
  return line
    .replace(/%%/g, '\u0001')
    .replace(/%~?\w*?(\d|\*)(?!\w*%)/g, (whole) => (/%~\w*0/.test(whole) ? `${mark.some}\\` : mark.unset))
    .replace(/([%!])([\w()# .-]+?)(?::(~[-\d,\s]+|[^%!=]+=[^%!]*))?\1/g, (...found: (string | undefined)[]) =>
      changed(valueOf(found[2] ?? ''), found[3]),
    )
    .replaceAll('\u0001', '%');
}

function changed(value: string, change: string | undefined): string {
  if (change === undefined || isUnknown(value)) {
    return value;
  }
  if (change.startsWith('~')) {
    return sliced(value, change);
  }
  const [find = '', by = ''] = change.split('=');
  return find.startsWith('*')
    ? value.replace(new RegExp(`^.*?${find.slice(1).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`, 'i'), () => by)
    : value.replaceAll(find, by);
}

/** `~from,count`; both may be negative. */
function sliced(value: string, change: string): string {
  const [, from = '0', count = ''] = /^~\s*(-?\d+)?\s*(?:,\s*(-?\d+))?/.exec(change) ?? [];
  const start = Number(from) < 0 ? value.length + Number(from) : Number(from);
  if (count === '') {
    return value.slice(start);
  }
  return value.slice(start, (Number(count) < 0 ? value.length : start) + Number(count));
}

type Part = { readonly text: string; readonly joins: string };

/** Splits a line at `&` and `|` outside of quotes; carets are taken out. */
function partsOf(line: string): Part[] {
  const parts: Part[] = [];
  let current = '';
  // Quoted text, an escaped character, a sign between commands, or any other character.
  for (const [piece] of line.matchAll(/"[^"]*"?|\^.?|\d?>{1,2}&\d|&&|\|\||[&|]|[^]/g)) {
    if (/^[&|]{1,2}$/.test(piece)) {
      parts.push({ text: current, joins: piece });
      current = '';
    } else {
      current += piece.startsWith('^') ? piece.slice(1) : piece;
    }
  }
  return [...parts, { text: current, joins: '' }];
}

function runPart(text: string, memory: Memory, place: Place): string {
  const line = withoutBrackets(text.trim().replace(/^[@(\s]+/, '')).replace(/^(start\b(?:\s+\/\w+)*)\s+"[^"]*"/i, '$1');
  if (line === '' || /^(rem\b|::)/i.test(line)) {
    return '';
  }
  const { words, writes } = readWords(line);
  for (const path of writes) {
    judgeWindowsEffect({ kind: 'write', path, what: line }, memory.folder, place);
  }
  return runCommand(words, line, { memory, place });
}

/** Without the brackets that close what began before. */
function withoutBrackets(text: string): string {
  const rest = text.replace(/\)\s*$/, '');
  return rest !== text && balance(text) < 0 ? withoutBrackets(rest) : text.trim();
}

function balance(text: string): number {
  return (text.match(/\(/g)?.length ?? 0) - (text.match(/\)/g)?.length ?? 0);
}

/** The words of a command without quotes, and the files its output goes to. */
function readWords(line: string): { words: string[]; writes: string[] } {
  const writes: string[] = [];
  const rest = line.replace(
    /(?:^|(?<=\s)|(?<=[^\d<>]))[012]?>{1,2}\s*(&\d|"[^"]*"|[^\s&|<>]+)|<\s*("[^"]*"|\S+)/g,
    (whole, target?: string) => {
      const isWrite = target !== undefined && !/^&|^nul$/i.test(target) && !insideQuotes(line, line.indexOf(whole));
      if (isWrite) {
        writes.push(target.replace(/^"(.*)"$/, '$1'));
      }
      return insideQuotes(line, line.indexOf(whole)) ? whole : ' ';
    },
  );
  const words = [...rest.matchAll(/(?:"[^"]*"?|[^\s,;="]|=(?=\S))+/g)].map(([word]) => word.replaceAll('"', ''));
  return { words: splitSwitches(words), writes };
}

function insideQuotes(line: string, at: number): boolean {
  return (line.slice(0, at).match(/"/g)?.length ?? 0) % 2 === 1;
}

/** `del/f/s C:\` and `rd /s/q C:\` are written without blanks as well. */
function splitSwitches([first = '', ...rest]: readonly string[]): string[] {
  const glued = /^([a-z]+)((?:\/[a-z]+)+)$/i.exec(first);
  const folder = /^(cd|chdir|rd|rmdir|del|erase|md|dir|type)([\\.].*)$/i.exec(first);
  const head = glued
    ? [glued[1] ?? '', ...(glued[2] ?? '').split(/(?=\/)/)]
    : folder
      ? [folder[1] ?? '', folder[2] ?? '']
      : [first];
  return [...head, ...rest.flatMap((word) => (/^(\/[a-z?]){2,}$/i.test(word) ? word.split(/(?=\/)/) : [word]))];
}

type Line = { readonly line: string; readonly args: readonly string[]; readonly memory: Memory; readonly place: Place };

/** Commands of cmd itself, and what they print. */
const ownCommands: Readonly<Record<string, (line: Line) => string>> = {
  set: ({ line, memory }) => {
    setVariable(line, memory);
    return '';
  },
  cd: changeFolder,
  chdir: changeFolder,
  pushd: changeFolder,
  echo: ({ line }) => `${line.replace(/^\S+\s?/, '')}\n`,
  title: () => '',
  if: ({ line, memory, place }) =>
    line
      .replace(condition, '')
      .split(/\)\s*else\s*\(?/i)
      .map((arm) => runPart(arm, memory, place))
      .join(''),
  else: ({ line, memory, place }) => runPart(line.replace(/^\S+\s*/, ''), memory, place),
  do: ({ line, memory, place }) => runPart(line.replace(/^\S+\s*/, ''), memory, place),
  for: ({ line, memory, place }) => runFor(line, memory, place),
  goto: () => '',
  setlocal: () => '',
  endlocal: () => '',
  pause: () => '',
  exit: () => '',
};

const condition =
  /^if\s+(\/i\s+)?(not\s+)?((exist|defined|errorlevel|cmdextversion)\s+("[^"]*"|\S+)|("[^"]*"|\S+?)\s*(==|\s(equ|neq|lss|leq|gtr|geq)\s)\s*("[^"]*"|\S+))\s*/i;

function changeFolder({ args, memory }: Line): string {
  memory.folder = folderAfter(args, memory.folder);
  return '';
}

function runCommand(words: readonly string[], line: string, { memory, place }: Pick<Line, 'memory' | 'place'>): string {
  const [first = '', ...args] = words;
  const name = first.toLowerCase().replace(/^echo\.$/, 'echo');
  const own = Object.hasOwn(ownCommands, name) ? ownCommands[name] : undefined;
  if (own) {
    return own({ line, args, memory, place });
  }
  if (isUnknown(first) && /^[\uFDD0-\uFDDB]*$/.test(first)) {
    place.bench.inquiry.hit(structureRules.opaqueCommand, plainText(line));
    return '';
  }
  return runNative({ name: first, args, folder: memory.folder }, place).out;
}

function setVariable(line: string, { variables }: Memory): void {
  const pair = /^set\s+(?:\/a\s+)?"?([^=/"]+)=([^]*?)"?\s*$/i.exec(line);
  const asks = /^set\s+\/p\s+"?([^=]+)=/i.exec(line);
  if (asks) {
    variables.set((asks[1] ?? '').trim().toUpperCase(), mark.unset);
  } else if (pair) {
    variables.set((pair[1] ?? '').trim().toUpperCase(), pair[2] ?? '');
  }
}

function folderAfter(args: readonly string[], folder: string): string {
  const target = args.filter((word) => !/^\/d$/i.test(word)).join(' ');
  if (target === '') {
    return folder;
  }
  return /^[a-z]:/i.test(target)
    ? target
    : target.startsWith('\\')
      ? `${folder.slice(0, 2)}${target}`
      : `${folder}\\${target}`;
}

/** `for %x in (a b) do command`; what files it finds is not known. */
function runFor(line: string, memory: Memory, place: Place): string {
  const loop = /^for\s+(\/[a-z](?:\s+(?:"[^"]*"|[^\s%]+))?\s+)?%%?~?(\w)\s+in\s*\((.*?)\)\s*do\s+(.*)$/is.exec(line);
  if (!loop) {
    return '';
  }
  const [, options = '', name = '', list = '', body = ''] = loop;
  const found = /\/f/i.test(options)
    ? [fromOutput(list, memory, place)]
    : /\/l/i.test(options)
      ? ['1']
      : list
          .split(/[\s,;]+/)
          .filter((word) => word !== '')
          .map((word) => word.replaceAll('"', ''));
  const root = /\/r\s+("[^"]*"|\S+)/i.exec(options)?.[1]?.replaceAll('"', '');
  let out = '';
  for (const word of found.slice(0, 64)) {
    const value = root === undefined ? word : `${root}\\${word}`;
    out += runPart(
      body.replace(new RegExp(`%%?(~[a-z]*)?${name}\\b`, 'g'), () => value),
      memory,
      place,
    );
  }
  return out;
}

function fromOutput(list: string, memory: Memory, place: Place): string {
  const command = /^\s*['`](.*)['`]\s*$/.exec(list)?.[1];
  if (command === undefined) {
    return mark.output;
  }
  const printed = runPart(command, memory, place);
  return isHidden(printed) ? mark.output : (printed.split('\n')[0] ?? mark.output);
}
