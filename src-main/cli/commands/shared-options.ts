import { Option } from 'commander';

export const dataOption = (): Option =>
  new Option('--data <dir>', 'data folder (default: DROVER_DATA, else the folder of this account)');

export const jsonOption = (): Option => new Option('--json', 'one JSON object a line; errors too, on standard error');

export const detachOption = (): Option => new Option('--detach', 'print the number of the run and do not wait for it');

export const quietOption = (): Option =>
  new Option('-q, --quiet', 'only what the targets write, failures and errors: no summary');
