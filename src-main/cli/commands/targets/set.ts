import type { Command } from 'commander';
import { DroverError } from '#contract/errors';
import { TargetName } from '#contract/target';
import { jsonLine } from '../../json-line.ts';
import { checkedBy } from '../../option-values.ts';
import type { Session } from '../../session.ts';
import {
  addClearOptions,
  addressOption,
  addTargetOptions,
  targetFields,
  type TargetFlags,
} from '../../target-options.ts';
import { dataOption, jsonOption } from '../shared-options.ts';

type Flags = TargetFlags & { readonly rename?: string; readonly data?: string; readonly json?: boolean };

const after = `
Only what is named is changed. --tag and --jump take the place of all there were; --attr adds or changes one attribute,
and --attr NAME= takes it away.

Examples:
  drover targets set web1 --address 10.0.0.7
  drover targets set web1 --maintenance
  drover targets set web1 --no-maintenance --no-credential --attr rack=`;

export function addTargetsSet(group: Command, session: Session): void {
  const command = group
    .command('set')
    .summary('change a target')
    .description('Changes a saved target.')
    .argument('<name>', 'its name')
    .option('--rename <name>', 'its new name', checkedBy(TargetName))
    .addOption(addressOption());
  addClearOptions(addTargetOptions(command))
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (name: string, flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const { attributes, ...fields } = await targetFields(client, flags);
        const target = await client.call('target.get', { target: name });
        const change = {
          ...fields,
          ...(flags.rename !== undefined && { name: flags.rename }),
          ...(attributes && { attributes: merged(target.attributes, attributes) }),
        };
        if (Object.keys(change).length === 0) {
          throw new DroverError('bad-input', 'Nothing to change: name what is to be different', {
            detail: { remedy: 'drover targets set --help says what is possible.' },
          });
        }
        const changed = await client.call('target.update', { id: target.id, rev: target.rev, change });
        session.out.write(flags.json ? jsonLine(changed) : `${changed.no} ${changed.name}\n`);
        return 0;
      });
    });
}

function merged(before: Record<string, string>, given: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...before, ...given }).filter(([, value]) => value !== ''));
}
