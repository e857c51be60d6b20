import type { Command } from 'commander';
import type { ArchiveCopies, ArchiveCopy } from '#contract/copies';
import { DroverError } from '#contract/errors';
import { jsonLine } from '../json-line.ts';
import type { Session } from '../session.ts';
import { tableLines } from '../table.ts';
import { plainLine } from '../terminal-safe.ts';
import { bytesText, timeText } from '../wording.ts';
import { dataOption, jsonOption } from './shared-options.ts';

type Flags = { readonly now?: boolean; readonly data?: string; readonly json?: boolean };

const after = `
A node that serves makes them by itself once copies.at names a time of the day; one that was missed is made at the next start.
The newest copies.keep of them stay. drover restore --rehearse FILE tries one.

Examples:
  drover settings set copies.at 02:30
  drover settings set copies.folder /backup/drover
  drover copies --now`;

export function addCopies(program: Command, session: Session): void {
  program
    .command('copies')
    .summary('list the daily copies of the archive')
    .description('Lists the copies of the archive that this node has made, or makes one.')
    .option('--now', 'make one and wait for it')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async ({ now = false, data, json }: Flags) => {
      session.exitCode = await session.withEngine({ data }, async ({ client }, signal) => {
        let all = await client.call(now ? 'copy.make' : 'copy.list', {});
        while (now && all.isBusy && !signal.aborted) {
          session.status.show('the archive is copied');
          await new Promise<void>((resolve) => void session.host.clock.after(lookMs, resolve));
          all = await client.call('copy.list', {});
        }
        session.status.clear();
        const [newest] = all.copies;
        if (now && newest?.state === 'failed') {
          throw new DroverError('internal', `The archive was not copied: ${newest.message}`);
        }
        session.out.write(json ? all.copies.map(jsonLine).join('') : copiesText(session, all));
        return 0;
      });
    });
}

const lookMs = 200;

function copiesText(session: Session, { copies, nextAt, folder }: ArchiveCopies): string {
  const next =
    nextAt === null
      ? 'None are scheduled: drover settings set copies.at 02:30'
      : `The next one is made ${timeText(nextAt)}, in ${plainLine(folder)}`;
  const head = ['MADE', 'STATE', 'SIZE', 'FILE'];
  const table = tableLines(copies.map(cellsOf), { head, columns: session.out.columns });
  return `${[...(copies.length > 0 ? table : []), next].join('\n')}\n`;
}

const cellsOf = (copy: ArchiveCopy): { text: string }[] => [
  { text: timeText(copy.beganAt) },
  { text: copy.withKey ? `${copy.state}, with key` : copy.state },
  { text: copy.bytes === null ? '' : bytesText(copy.bytes) },
  { text: plainLine(copy.message === '' ? copy.file : `${copy.file}: ${copy.message}`) },
];
