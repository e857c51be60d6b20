import { type Command, Option } from 'commander';

export const dataOption = (): Option =>
  new Option('--data <dir>', 'data folder (default: DROVER_DATA, else the folder of this account)');

export const jsonOption = (): Option => new Option('--json', 'one JSON object a line; errors too, on stderr');

export const yesOption = (): Option => new Option('--yes', 'do it without being asked');

export const detachOption = (): Option =>
  new Option('--detach', 'print the number of the run and do not wait for it').conflicts('group');

/** How a run is shown while it is watched. */
export type AttendFlags = {
  readonly detach?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly group?: boolean;
};

export function attendOptions(command: Command): Command {
  return command
    .option('-g, --group', 'at the end each different output once, with the targets that wrote it')
    .option('-q, --quiet', 'only what the targets write, failures and errors: no summary');
}
