import type { Command } from 'commander';

type Group = { readonly name: string; readonly summary: string; readonly after: string };

/** A command that only holds others: `drover targets ls`. */
export function addGroup(program: Command, { name, summary, after }: Group): Command {
  return program
    .command(name)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
    .usage('COMMAND')
    .helpCommand(false)
    .addHelpText('after', after);
}
