import type { Command } from 'commander';
import { TargetName } from '#contract/target';
import { jsonLine } from '../../json-line.ts';
import { checkedBy } from '../../option-values.ts';
import type { Session } from '../../session.ts';
import { addressOption, addTargetOptions, targetFields, type TargetFlags } from '../../target-options.ts';
import { dataOption, jsonOption } from '../shared-options.ts';

type Flags = TargetFlags & { readonly address: string; readonly data?: string; readonly json?: boolean };

const after = `
Examples:
  drover targets add web1 --address 10.0.0.1
  drover targets add db1 --address db1.example.org --user ada --credential deploy --sudo --tag db --tag prod
  drover targets add inner --address 192.168.1.5 --jump ada@bastion:2222 --attr rack=12`;

export function addTargetsAdd(group: Command, session: Session): void {
  const command = group
    .command('add')
    .summary('save a target')
    .description('Saves a target, so that it can be selected by name and tag.')
    .argument('<name>', 'its name', checkedBy(TargetName))
    .addOption(addressOption().makeOptionMandatory());
  addTargetOptions(command)
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (name: string, flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const fields = await targetFields(client, flags);
        const target = await client.call('target.create', { ...fields, name, address: flags.address });
        session.out.write(flags.json ? jsonLine(target) : `${target.no} ${target.name}\n`);
        return 0;
      });
    });
}
