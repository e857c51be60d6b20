import type { Command } from 'commander';
import { DroverError } from '#contract/errors';
import type { HostKey } from '#contract/host-key';
import { confirm } from '../../ask-person.ts';
import { changedText, isMachine, keyLines, theseKeys } from '../../host-key-text.ts';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';
import { acceptKeys } from '../../trust-host-keys.ts';
import { plural } from '../../wording.ts';
import { dataOption, jsonOption, yesOption } from '../shared-options.ts';

type Flags = {
  readonly all?: boolean;
  readonly replace?: boolean;
  readonly yes?: boolean;
  readonly data?: string;
  readonly json?: boolean;
};

const after = `
Compare the fingerprints with those of the machines: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub. A key that has
taken the place of a trusted one is what an attacker looks like too, and needs --replace.

Examples:
  drover hostkey accept 10.0.0.1 web1:2222
  drover hostkey accept --all
  drover hostkey accept web1 --replace`;

export function addHostKeyAccept(group: Command, session: Session): void {
  group
    .command('accept')
    .summary('trust host keys that were refused')
    .description('Trusts the host keys that machines have shown and that were refused.')
    .argument('[addresses...]', 'of machines, as drover hostkey ls writes them')
    .option('--all', 'all that were never seen before')
    .option('--replace', 'also keys that take the place of a trusted one')
    .addOption(yesOption())
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (addresses: string[], flags: Flags) => {
      if (addresses.length > 0 === (flags.all === true)) {
        throw new DroverError('bad-input', 'Name the addresses of machines, or say --all');
      }
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const offered = (await client.call('hostkey.list', { state: 'offered' })).keys;
        const keys = chosen(session, flags.all ? offered : ofMachines(offered, addresses), flags);
        if (!flags.json) {
          session.status.writeAbove(`${keyLines(keys).join('\n')}\n`);
        }
        await confirm(session, { question: `Trust ${theseKeys(keys.length)}?`, yes: flags.yes });
        const accepted = await acceptKeys(client, { keys, replace: flags.replace ?? false });
        session.out.write(
          flags.json ? accepted.map(jsonLine).join('') : `${plural(accepted.length, 'host key')} accepted\n`,
        );
        return 0;
      });
    });
}

/** Throws DroverError `not-found` for an address without an offered key. */
function ofMachines(offered: readonly HostKey[], addresses: readonly string[]): HostKey[] {
  const unknown = addresses.find((address) => !offered.some((key) => isMachine(key, address)));
  if (unknown !== undefined) {
    throw new DroverError('not-found', `No refused host key of ${unknown} waits`, {
      detail: { remedy: 'drover hostkey ls --offered shows which do.' },
    });
  }
  return offered.filter((key) => addresses.some((address) => isMachine(key, address)));
}

/** Without `--replace` a changed key is told and left; throws DroverError when nothing remains. */
function chosen(session: Session, keys: readonly HostKey[], { all, replace }: Flags): HostKey[] {
  const changed = replace ? [] : keys.filter(({ replaces }) => replaces !== null);
  for (const key of changed) {
    session.notice(changedText(key));
  }
  if (changed.length > 0 && !all) {
    throw new DroverError('bad-input', 'Nothing was accepted: a trusted host key would be replaced', {
      detail: { remedy: 'Find out why it has changed; then --replace trusts the new one.' },
    });
  }
  const rest = keys.filter((key) => !changed.includes(key));
  if (rest.length === 0) {
    throw new DroverError('not-found', 'No host key waits to be accepted');
  }
  return rest;
}
