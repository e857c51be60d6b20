import type { Command } from 'commander';
import type { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import type { Target } from '#contract/target';
import { confirm } from '../../ask-person.ts';
import { findTargets } from '../../find-targets.ts';
import { jsonLine } from '../../json-line.ts';
import { nodeSet } from '../../run-end.ts';
import type { Session } from '../../session.ts';
import { plural } from '../../wording.ts';
import { dataOption, jsonOption, yesOption } from '../shared-options.ts';

type Flags = { readonly query?: string; readonly yes?: boolean; readonly data?: string; readonly json?: boolean };

/** What one call of the contract takes. */
const mostIds = 10_000;

const after = `
Runs that were made on them stay as they are.

Examples:
  drover targets rm web1 web2
  drover targets rm --query tag:old --yes`;

export function addTargetsRm(group: Command, session: Session): void {
  group
    .command('rm')
    .summary('remove targets')
    .description('Removes saved targets, by name or all that a query finds.')
    .argument('[names...]', 'their names')
    .option('--query <query>', 'all that this finds, such as tag:old')
    .addOption(yesOption())
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (names: string[], flags: Flags) => {
      if (names.length > 0 === Boolean(flags.query?.trim())) {
        throw new DroverError('bad-input', 'Name the targets to remove, or give a --query that is not empty');
      }
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const targets = await chosen(client, names, flags.query);
        await confirm(session, { question: `Remove ${nodeSet(targets)}?`, yes: flags.yes });
        const removed = await remove(client, targets);
        session.out.write(flags.json ? jsonLine({ removed }) : `${plural(removed, 'target')} removed\n`);
        return 0;
      });
    });
}

async function chosen(client: DroverClient, names: readonly string[], query: string | undefined): Promise<Target[]> {
  const targets: Target[] = [];
  for (const name of new Set(names)) {
    targets.push(await client.call('target.get', { target: name }));
  }
  const found = query === undefined ? targets : await findTargets(client, query);
  // The machine the node runs on cannot be removed, so a query does not mean it.
  const removable = query === undefined ? found : found.filter(({ connection }) => connection !== 'local');
  if (removable.length === 0) {
    throw new DroverError('no-targets', 'No target is found', {
      detail: { remedy: 'drover targets ls shows which there are.' },
    });
  }
  return removable;
}

async function remove(client: DroverClient, targets: readonly Target[]): Promise<number> {
  let removed = 0;
  for (let from = 0; from < targets.length; from += mostIds) {
    const ids = targets.slice(from, from + mostIds).map(({ id }) => id);
    removed += (await client.call('target.remove', { ids })).removed;
  }
  return removed;
}
