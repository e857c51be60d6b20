import { mark } from '../marks.ts';
import { structureRules } from '../rules/structure-rules.ts';
import { isHidden, judgeWindowsEffect, judgeWindowsWords } from './judge-windows.ts';
import type { PowerDesk } from './power-desk.ts';
import { type PowerValue, textOf, textValue } from './powershell-values.ts';
import { runNative } from './native.ts';
import { windowsVariables } from './windows-path.ts';
import type { EffectKind } from '../rules/rule.ts';

type Called = { readonly name: string; readonly subject: PowerValue; readonly args: readonly PowerValue[] };

/** Judges a call of .NET or COM; gives its result where the usual table of methods cannot. */
export function judgeMethod({ name, subject, args }: Called, desk: PowerDesk): PowerValue | undefined {
  const method = name.toLowerCase();
  const type = subject.type ?? '';
  const [first, second] = args;
  const what = `${type === '' ? '' : `[${type}]::`}${name}(${args.map(textOf).join(', ')})`;
  const touch = (kind: EffectKind, value: PowerValue | undefined): void => {
    for (const path of value?.items ?? []) {
      judgeWindowsEffect({ kind, path, what }, desk.folder, desk);
    }
  };
  if (
    /(^|\.)(io\.)?(directory|file|directoryinfo|fileinfo|filesystem)$/.test(type) ||
    /^(deletefolder|deletefile|copyfolder|movefolder)$/.test(method)
  ) {
    judgeFileMethod(method, type, { first, second, touch });
    return undefined;
  }
  if (method === 'delete' && /win32_shadowcopy/i.test(textOf(subject))) {
    judgeWindowsWords({ name: 'wmic', args: ['shadowcopy', 'delete'], folder: '' }, desk.bench);
    return undefined;
  }
  if (method === 'delete' && subject.items.length > 0) {
    touch('delete-tree', subject);
    return undefined;
  }
  if (
    /^(win32shutdown|win32shutdowntracker|reboot|shutdown|exitwindowsex|initiatesystemshutdown(ex)?|setsuspendstate|ntshutdownsystem)$/.test(
      method,
    )
  ) {
    judgeWindowsWords({ name: 'stop-computer', args: [what], folder: '' }, desk.bench);
    return undefined;
  }
  return runMethod({ name: method, subject, args }, what, desk);
}

type FileCall = {
  readonly first: PowerValue | undefined;
  readonly second: PowerValue | undefined;
  readonly touch: (kind: EffectKind, value: PowerValue | undefined) => void;
};

function judgeFileMethod(method: string, type: string, { first, second, touch }: FileCall): void {
  if (method.startsWith('delete')) {
    touch(/file/.test(type + method) && !/directory|folder/.test(type + method) ? 'delete' : 'delete-tree', first);
  } else if (method.startsWith('move')) {
    touch('move', first);
    touch('replace', second);
  } else if (method.startsWith('copy')) {
    touch('replace', second);
  } else if (/^(write|append|create|open(write)?$|setaccesscontrol|replace)/.test(method)) {
    touch('write', first);
  }
}

type Method = (called: Called, what: string, desk: PowerDesk) => PowerValue | undefined;

const firstText = ({ args: [first] }: Called): string => textOf(first ?? textValue());

/** Says so when code was fetched or handed in; true then. */
function isOpaque(code: string, what: string, { bench }: PowerDesk): boolean {
  if (isHidden(code)) {
    bench.inquiry.hit(structureRules.opaqueCode, what);
    return true;
  }
  return false;
}

const createBlock: Method = (called, what, desk) => {
  const code = firstText(called);
  return isOpaque(code, what, desk) ? textValue() : { items: [], block: code };
};

const runScript: Method = (called, what, desk) => {
  const code = firstText(called);
  return isOpaque(code, what, desk) ? textValue() : desk.bench.inquiry.within(() => desk.runBlock(code));
};

const runProgram: Method = ({ args }, _, desk) => {
  const [program = '', ...rest] = words(args.slice(0, 2).map(textOf).join(' '));
  runNative({ name: program, args: rest, folder: desk.folder }, desk);
  return textValue();
};

const variable: Method = (called) => textValue(windowsVariables[firstText(called).toUpperCase()] ?? mark.unset);

const folder: Method = (called) => {
  const name = called.name === 'systemdirectory' ? 'system' : firstText(called).toLowerCase();
  return textValue(
    name.startsWith('system') ? 'C:\\Windows\\System32' : name === 'windows' ? 'C:\\Windows' : mark.unset,
  );
};

const loadCode: Method = (called, what, desk) => {
  isOpaque(firstText(called), what, desk);
  return undefined;
};

/** By the name of the method, and what its type must end with. */
const methods: readonly (readonly [RegExp, RegExp, Method])[] = [
  [/^create$/, /scriptblock/, createBlock],
  [/^(invokescript|newscriptblock|addscript)$/, /^/, runScript],
  [/^start$/, /process$/, runProgram],
  [/^(shellexecute|run|exec|winexec)$/, /^/, runProgram],
  [/^getenvironmentvariable$/, /^/, variable],
  [/^(getfolderpath|systemdirectory)$/, /^/, folder],
  [/^(load|loadfrom|loadfile)$/, /assembly/, loadCode],
];

/** Methods that run programs or code, or ask the environment. */
function runMethod(called: Called, what: string, desk: PowerDesk): PowerValue | undefined {
  const type = called.subject.type ?? '';
  return methods.find(([name, owner]) => name.test(called.name) && owner.test(type))?.[2](called, what, desk);
}

/** A command line as words; quotes keep blanks together. */
export function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}
