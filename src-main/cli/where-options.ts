import type { Command } from 'commander';
import { DroverError } from '#contract/errors';
import type { CliHost } from './host.ts';
import { inputText } from './input-text.ts';
import { collected, onlyOnce } from './option-values.ts';

export type WhereFlags = {
  readonly target?: string;
  readonly where?: string[];
  readonly hosts?: string[];
};

export function addWhereOptions(command: Command): Command {
  return command
    .option('-t, --target <selector>', 'saved targets, such as web1,db1 or tag:web; local is this machine', onlyOnce)
    .option('-w, --where <list>', 'machines that need not be saved: web[01-20],ada@10.0.0.5:2222', collected)
    .option('--hosts <file>', 'such a list in a file; - is stdin', collected);
}

/** Throws DroverError `no-targets`; reads nothing. */
export function checkWhere({ target, where, hosts }: WhereFlags, example: string): void {
  if (!target?.trim() && !where?.some((list) => list.trim()) && !hosts) {
    throw new DroverError('no-targets', 'Say where to run, for example -t local or -w web1,web2', {
      detail: { remedy: example },
    });
  }
}

/** The two fields of a request that say where; the engine reads the lists, in whatever habit they are written. */
export async function whereFields(
  { target, where = [], hosts = [] }: WhereFlags,
  host: Pick<CliHost, 'stdin' | 'cwd'>,
): Promise<{ targets: string; addresses?: string }> {
  const lists = [...where];
  for (const file of hosts) {
    lists.push(await inputText(file, host));
  }
  return { targets: target ?? '', ...(lists.length > 0 && { addresses: lists.join('\n') }) };
}
