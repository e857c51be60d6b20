import type { Command } from 'commander';
import { DroverError } from '#contract/errors';
import type { Salvaged } from '../host.ts';
import { jsonLine } from '../json-line.ts';
import type { Session } from '../session.ts';
import { tableLines } from '../table.ts';
import { dataOption, jsonOption } from './shared-options.ts';

type Flags = { readonly into?: string; readonly data?: string; readonly json?: boolean };

const after = `
The damaged archive is only read. The new one begins with everything that could be read; what was lost is counted table by
table. No engine may run on the data folder meanwhile.

Example:
  drover salvage --into /srv/drover-salvaged
  drover serve --data /srv/drover-salvaged`;

export function addSalvage(program: Command, session: Session): void {
  program
    .command('salvage')
    .summary('save what can be read of a damaged archive')
    .description('Reads a damaged archive row by row and writes a new one into another folder.')
    .requiredOption('--into <folder>', 'where the new archive is made; must hold none')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async ({ into = '', data, json }: Flags) => {
      if (into.trim() === '') {
        throw new DroverError('bad-input', 'Say where the new archive shall be: --into FOLDER');
      }
      const report = await session.host.salvage({ data, into });
      session.out.write(json ? jsonLine(report) : reportText(report, session.out.columns));
      session.exitCode = 0;
    });
}

function reportText({ file, tables, madeAnew, incompleteRuns, audit }: Salvaged, columns: number | undefined): string {
  const rows = tables.map(({ table, kept, refused, lost, isExact }) =>
    [table, String(kept), String(refused), `${isExact ? '' : 'at most '}${lost}`].map((text) => ({ text })),
  );
  const runs = incompleteRuns.map((no) => `#${no}`).join(', ');
  return [
    ...tableLines(rows, { head: ['TABLE', 'SAVED', 'REFUSED', 'LOST'], columns }),
    ...madeAnew.map((what) => `Made anew: ${what}`),
    ...(runs === '' ? [] : [`Runs of which a part is missing: ${runs}`]),
    ...(audit.brokenAt === null ? [] : [`The chain of the audit log is broken at row ${audit.brokenAt}`]),
    `The new archive is ${file}`,
    '',
  ].join('\n');
}
