import type { Command } from 'commander';
import { DroverError } from '#contract/errors';
import type { VaultState } from '#contract/credential';
import { askSecret } from '../ask-person.ts';
import { jsonLine } from '../json-line.ts';
import { secretLine } from '../secret-file.ts';
import type { Session } from '../session.ts';
import { plainLine } from '../terminal-safe.ts';
import { dataOption, jsonOption } from './shared-options.ts';

type Flags = {
  readonly set?: boolean;
  readonly removeKeyFile?: boolean;
  readonly passphraseFile?: string;
  readonly data?: string;
  readonly json?: boolean;
};

const after = `
Opens the stored secrets of the running engine until it ends. --set adds or changes the passphrase; it works without a
running engine too, when the secrets are open.

Examples:
  drover unlock
  drover unlock --set
  drover unlock --passphrase-file /run/secrets/drover`;

export function addUnlock(program: Command, session: Session): void {
  program
    .command('unlock')
    .summary('open the stored secrets')
    .description('Opens the stored secrets with their passphrase, or sets that passphrase.')
    .option('--set', 'set the passphrase that opens them from now on')
    .option('--remove-key-file', 'with --set: the passphrase alone opens them, no file does any more')
    .option('--passphrase-file <file>', 'read it from the only line of this file; - is stdin')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (flags: Flags) => {
      if (flags.removeKeyFile && !flags.set) {
        throw new DroverError('bad-input', '--remove-key-file is part of --set');
      }
      const passphrase = await passphraseOf(session, flags);
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client, local }) => {
        if (local && !flags.set) {
          throw new DroverError('engine-unreachable', 'No engine is running whose secrets could be opened', {
            detail: { remedy: 'Start one: drover serve. For a single command: DROVER_PASSPHRASE_FILE=FILE.' },
          });
        }
        const state = await (flags.set
          ? client.call('vault.passphrase', { passphrase, removeKeyFile: flags.removeKeyFile ?? false })
          : client.call('vault.unlock', { passphrase }));
        session.out.write(flags.json ? jsonLine(state) : `${stateText(state)}\n`);
        return state.state === 'open' ? 0 : 3;
      });
    });
}

async function passphraseOf(session: Session, { set, passphraseFile }: Flags): Promise<string> {
  if (passphraseFile !== undefined) {
    return secretLine(passphraseFile, session.host);
  }
  const remedy = 'Name a file that holds it: --passphrase-file FILE';
  const first = await askSecret(session, set ? 'New passphrase: ' : 'Passphrase: ', remedy);
  if (set && (await askSecret(session, 'The same again: ', remedy)) !== first) {
    throw new DroverError('bad-input', 'The two passphrases are not the same; nothing was changed');
  }
  return first;
}

function stateText({ state, openers, message }: VaultState): string {
  const words = { keyring: 'the keyring', 'key-file': 'a key file', passphrase: 'a passphrase' } as const;
  const by = openers.map((opener) => words[opener]).join(', ');
  return state === 'open' ? `open; opened by ${by || 'nothing yet'}` : `locked: ${plainLine(message)}`;
}
