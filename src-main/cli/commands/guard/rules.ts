import type { Command } from 'commander';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';
import { tableLines } from '../../table.ts';
import { jsonOption } from '../shared-options.ts';

export function addGuardRules(group: Command, session: Session): void {
  group
    .command('rules')
    .summary('list the rules that Drover brings')
    .description('Lists the rules that Drover brings, with what they are about and how strict they are.')
    .addOption(jsonOption())
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { rules } = await session.host.guard();
      const rows = rules.map(({ id, level, os, say }) => [id, level, os, say].map((text) => ({ text })));
      session.out.write(
        json
          ? rules.map((rule) => jsonLine(rule)).join('')
          : `${tableLines(rows, { head: ['RULE', 'LEVEL', 'ON', 'WHAT IT STOPS'], columns: session.out.columns }).join('\n')}\n`,
      );
      session.exitCode = 0;
    });
}
