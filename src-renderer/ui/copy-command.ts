import type { InputOf, Name } from '#contract';
import { shellWord } from './shell-word.ts';

/** The same question on the command line, to the engine of this data folder: `runs`, `--status`, `failed`. */
export function droverLine(dataFolder: string, [command, ...words]: readonly [string, ...string[]]): string {
  return ['drover', command, '--data', dataFolder, ...words].map(shellWord).join(' ');
}

/** The same call as a request to the control socket, which is the owner's own way in. */
export function curlOf<N extends Name>(dataFolder: string, name: N, input: InputOf<N>): string {
  return [
    `curl --unix-socket ${shellWord(`${dataFolder}/control.sock`)}`,
    "-H 'content-type: application/json'",
    `-d ${shellWord(JSON.stringify(input))}`,
    `http://localhost/api/${name}`,
  ].join(' ');
}
