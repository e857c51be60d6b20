import type { Command } from 'commander';
import type { HostKey } from '#contract/host-key';
import { machineText } from '../../host-key-text.ts';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';
import { tableLines } from '../../table.ts';
import { plainLine } from '../../terminal-safe.ts';
import { agoText } from '../../wording.ts';
import { dataOption, jsonOption } from '../shared-options.ts';

type Flags = { readonly offered?: boolean; readonly data?: string; readonly json?: boolean };

const after = `
Offered keys were refused and wait for a person.

Examples:
  drover hostkey ls
  drover hostkey ls --offered --json | jq -r 'select(.replaces != null) | .address'`;

export function addHostKeyLs(group: Command, session: Session): void {
  group
    .command('ls')
    .summary('list host keys')
    .description('Lists the host keys that are trusted, and those that were refused and wait for a person.')
    .option('--offered', 'only those that wait')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const { keys } = await client.call('hostkey.list', flags.offered ? { state: 'offered' } : {});
        if (flags.json) {
          session.out.write(keys.map(jsonLine).join(''));
        } else {
          showTable(session, keys);
        }
        return 0;
      });
    });
}

function showTable(session: Session, keys: readonly HostKey[]): void {
  if (keys.length === 0) {
    session.notice('no host keys');
    return;
  }
  const now = session.host.clock.now();
  const rows = keys.map((key) => [
    { text: plainLine(machineText(key)) },
    { text: plainLine(key.type) },
    { text: plainLine(key.fingerprint) },
    { text: agoText(key.seenAt, now) },
    { text: stateText(key) },
  ]);
  const head = ['ADDRESS', 'TYPE', 'FINGERPRINT', 'SEEN', 'STATE'];
  session.out.write(`${tableLines(rows, { head, columns: session.out.columns }).join('\n')}\n`);
}

function stateText({ state, replaces, acceptedBy }: HostKey): string {
  if (state === 'accepted') {
    return acceptedBy === null ? 'trusted' : `trusted by ${plainLine(acceptedBy)}`;
  }
  return replaces === null ? 'waits' : `CHANGED, trusted is ${plainLine(replaces)}`;
}
