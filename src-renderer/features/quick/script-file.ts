import type { ScriptType } from '#contract/run';
import { quickDefaults } from './defaults.ts';

export type ScriptFile = { readonly name: string; readonly language: ScriptType; readonly text: string };

/** Why a file cannot be the script. */
export type FileProblem = 'too-large' | 'not-text' | 'unreadable';

const ofExtension: Readonly<Record<string, ScriptType>> = {
  sh: 'shell',
  bash: 'shell',
  ksh: 'shell',
  zsh: 'shell',
  py: 'python',
  ps1: 'powershell',
  bat: 'bat',
  cmd: 'bat',
  pl: 'perl',
};

const ofInterpreter: readonly (readonly [RegExp, ScriptType])[] = [
  [/\b(?:ba|da|k|z)?sh$/, 'shell'],
  [/\bpython[\d.]*$/, 'python'],
  [/\b(?:pwsh|powershell)$/, 'powershell'],
  [/\bperl[\d.]*$/, 'perl'],
];

/** By its extension, else by its first line; `otherwise` when neither says. */
export function languageOf(name: string, text: string, otherwise: ScriptType): ScriptType {
  const extension = /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase();
  const known = extension === undefined ? undefined : ofExtension[extension];
  if (known) {
    return known;
  }
  const words = /^#!\s*(\S+)(?:[ \t]+(\S+))?/.exec(text);
  const program = words?.[1]?.endsWith('/env') ? words[2] : words?.[1];
  return ofInterpreter.find(([pattern]) => pattern.test(program ?? ''))?.[1] ?? otherwise;
}

/** Reads a dropped or chosen file as text in UTF-8, whatever it says of itself. */
export async function readScript(file: File, otherwise: ScriptType): Promise<ScriptFile | FileProblem> {
  if (file.size > quickDefaults.scriptBytes) {
    return 'too-large';
  }
  try {
    const bytes = await file.arrayBuffer();
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0')
      ? 'not-text'
      : { name: file.name, language: languageOf(file.name, text, otherwise), text };
  } catch (error) {
    return error instanceof TypeError ? 'not-text' : 'unreadable';
  }
}
