import type { Command } from 'commander';
import type { Restored } from '../host.ts';
import { jsonLine } from '../json-line.ts';
import type { Session } from '../session.ts';
import { dataOption, jsonOption } from './shared-options.ts';

type Flags = {
  readonly into?: string;
  readonly rehearse?: boolean;
  readonly data?: string;
  readonly json?: boolean;
};

const after = `
The folder must not hold an archive yet. Runs that waited for their start when the backup was made are cancelled, and nobody
is signed in: ask for a link again. With --rehearse everything is unpacked, checked and thrown away: a backup that was never
rehearsed is a hope.

Examples:
  drover restore --rehearse /backup/drover-2026-11-20.zip
  drover restore /backup/drover-2026-11-20.zip --into /srv/drover
  drover serve --data /srv/drover`;

export function addRestore(program: Command, session: Session): void {
  program
    .command('restore')
    .summary('make a data folder of a backup, or rehearse it')
    .description(
      'Unpacks a backup, checks every byte, the archive and the chain of the audit log, and puts it in place.',
    )
    .argument('<file>', 'a file that `drover backup` has made')
    .option('--into <folder>', 'the new data folder, instead of the usual one')
    .option('--rehearse', 'try everything and leave nothing behind')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (file: string, { into, rehearse = false, data, json }: Flags) => {
      const restored = await session.host.restore({ file, rehearse, data: into ?? data });
      session.out.write(json ? jsonLine(restored) : restoredText(restored));
      session.exitCode = restored.auditBrokenAt === null ? 0 : 1;
    });
}

function restoredText({ folder, note, auditBrokenAt, notStarted, secrets }: Restored): string {
  const made = new Date(note.createdAt).toISOString();
  return [
    folder === null
      ? `The backup of ${made} can be restored: ${note.runs} runs, ${note.auditRows} audit rows.`
      : `${folder} holds the backup of ${made}: ${note.runs} runs, ${note.auditRows} audit rows.`,
    auditBrokenAt === null
      ? `The chain of the audit log is whole up to ${note.auditHead.slice(0, 16)}.`
      : `The chain of the audit log is broken at row ${auditBrokenAt}.`,
    ...(notStarted > 0 ? [`Runs that waited for their start and are cancelled now: ${notStarted}.`] : []),
    secretsText(secrets),
    '',
  ].join('\n');
}

function secretsText({ state, message }: Restored['secrets']): string {
  return state === 'open' ? 'Its stored secrets can be opened.' : message;
}
