import type { Command } from 'commander';
import type { BackupMade } from '../host.ts';
import { jsonLine } from '../json-line.ts';
import type { Session } from '../session.ts';
import { bytesText } from '../wording.ts';
import { dataOption, jsonOption } from './shared-options.ts';

type Flags = {
  readonly withKey?: boolean;
  readonly force?: boolean;
  readonly data?: string;
  readonly json?: boolean;
};

const after = `
The engine may go on working meanwhile. The file holds the whole archive; stored secrets are in it sealed, and opened by the
passphrase or by the key file, which is only inside with --with-key: whoever has such a file has the secrets.

Examples:
  drover backup /backup/drover-$(date +%F).zip
  drover restore --rehearse /backup/drover-2026-11-20.zip`;

export function addBackup(program: Command, session: Session): void {
  program
    .command('backup')
    .summary('put everything into one file, while work goes on')
    .description('Copies the archive, as it stands in one moment, and its sealed secrets into one file.')
    .argument('<file>', 'where the backup is written')
    .option('--with-key', 'put the key file of the secrets inside as well')
    .option('--force', 'overwrite the file when it is there already')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (file: string, { withKey = false, force = false, data, json }: Flags) => {
      const made = await session.host.backup({ file, withKey, force, data });
      session.out.write(json ? jsonLine(made) : madeText(made));
      session.exitCode = 0;
    });
}

function madeText({ file, bytes, note }: BackupMade): string {
  const names = Object.keys(note.files);
  const secrets = names.includes('secrets/key')
    ? 'Stored secrets are inside together with their key: keep the file as safe as them.'
    : names.includes('secrets/openers.json')
      ? 'Stored secrets are inside, sealed. Their key is not: it needs the passphrase, or the key file secrets/key of the data folder.'
      : 'There are no stored secrets.';
  return [
    `${file}: ${bytesText(bytes)}, ${note.runs} runs, ${note.auditRows} audit rows up to ${note.auditHead.slice(0, 16)}`,
    secrets,
    '',
  ].join('\n');
}
