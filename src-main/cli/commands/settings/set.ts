import type { Command } from 'commander';
import { DroverError } from '#contract/errors';
import { readSetting, writeSetting } from '#contract/setting-text';
import { findSetting, settingName } from '../../find-setting.ts';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';
import { dataOption, jsonOption } from '../shared-options.ts';

type Flags = { readonly data?: string; readonly json?: boolean };

const after = `
Needs no restart. Times may be written as 90, 90s, 10m or 2h, sizes as 500MB or 1GiB, shares as 5%.

Examples:
  drover settings set limits.runsAtOnce 50
  drover settings set limits.outputPerRunBytes 20GiB
  drover settings set quick.stopAfter 10%`;

export function addSettingsSet(group: Command, session: Session): void {
  group
    .command('set')
    .summary('change a setting')
    .description('Changes a setting of the running engine and of those after it.')
    .argument('<name>', 'as drover settings ls writes it')
    .argument('<value>', 'what it is to be')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (typedName: string, typed: string, flags: Flags) => {
      const name = settingName(typedName);
      const read = readSetting(name, typed);
      if ('problem' in read) {
        throw new DroverError('bad-input', `${name} ${read.problem}`);
      }
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const { rev } = await findSetting(client, name);
        await client.call('settings.set', { changes: [{ name, value: read.value, rev }] });
        const changed = await findSetting(client, name);
        session.out.write(flags.json ? jsonLine(changed) : `${name} is ${writeSetting(name, changed.value)}\n`);
        return 0;
      });
    });
}
