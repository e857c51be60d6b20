import type { Target } from '#contract/target';
import { shellWord } from '../../ui/shell-word.ts';
import { addressText, jumpText, modeText, reachText } from './target-words.ts';

/** Forms in which a list of targets goes elsewhere. */
export const copyForms = ['names', 'addresses', 'logins', 'selector', 'csv'] as const;
export type CopyForm = (typeof copyForms)[number];

const login = (target: Target): string =>
  target.connection === 'local'
    ? target.name
    : `${target.user === null ? '' : `${target.user}@`}${addressText(target)}`;

/** A cell of CSV that no spreadsheet takes for a formula. */
function csvCell(value: string | number | boolean): string {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const csvHead = 'name,address,port,mode,os,user,jump,sudo,tags,maintenance,reach,reached_at';

const csvLine = (target: Target): string =>
  [
    target.name,
    target.connection === 'local' ? '' : target.address,
    target.connection === 'local' ? '' : target.port,
    modeText(target),
    target.os,
    target.user ?? '',
    jumpText(target.jump),
    target.become?.user ?? '',
    target.tags.join(' '),
    target.maintenance ? 'yes' : 'no',
    reachText(target.lastReach),
    target.lastReach === null ? '' : new Date(target.lastReach.at).toISOString(),
  ]
    .map(csvCell)
    .join(',');

/** The text for the clipboard; `selector` is that of a run. */
export function copyTextOf(form: CopyForm, targets: readonly Target[], selector: string): string {
  switch (form) {
    case 'names':
      return targets.map(({ name }) => name).join('\n');
    case 'addresses':
      return targets.map(({ connection, name, address }) => (connection === 'local' ? name : address)).join('\n');
    case 'logins':
      return targets.map(login).join('\n');
    case 'selector':
      return selector;
    case 'csv':
      return [csvHead, ...targets.map(csvLine)].join('\n');
  }
}

/** A call as a request to the control socket, which is the owner's own way in. */
export const callAsCurl = (dataFolder: string, name: string, input: unknown): string =>
  [
    `curl --unix-socket ${shellWord(`${dataFolder}/control.sock`)}`,
    "-H 'content-type: application/json'",
    `-d ${shellWord(JSON.stringify(input))}`,
    `http://localhost/api/${name}`,
  ].join(' ');

/** A command of the command line for this engine. */
export const commandLine = (dataFolder: string, words: readonly string[]): string =>
  ['drover', ...words, '--data', dataFolder].map(shellWord).join(' ');
