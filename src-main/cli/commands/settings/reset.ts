import type { Command } from 'commander';
import { DroverError } from '#contract/errors';
import { writeSetting } from '#contract/setting-text';
import { settingName } from '../../find-setting.ts';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';
import { plural } from '../../wording.ts';
import { dataOption, jsonOption } from '../shared-options.ts';

type Flags = { readonly all?: boolean; readonly data?: string; readonly json?: boolean };

const after = `
Examples:
  drover settings reset limits.runsAtOnce
  drover settings reset --all`;

export function addSettingsReset(group: Command, session: Session): void {
  group
    .command('reset')
    .summary('give settings their defaults back')
    .description('Gives settings that were changed their defaults back.')
    .argument('[names...]', 'as drover settings ls writes them')
    .option('--all', 'every setting that was changed')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (typed: string[], flags: Flags) => {
      if (typed.length > 0 === (flags.all === true)) {
        throw new DroverError('bad-input', 'Name settings, or say --all');
      }
      const names = typed.map(settingName);
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const { settings } = await client.call('settings.get', {});
        const chosen = settings.filter(({ name, source }) =>
          flags.all ? source.from === 'changed' : names.includes(name),
        );
        const changes = chosen.map(({ name, rev }) => ({ name, rev }));
        const after = changes.length === 0 ? [] : (await client.call('settings.reset', { changes })).settings;
        const reset = after.filter(({ name }) => chosen.some((one) => one.name === name));
        session.out.write(
          flags.json
            ? reset.map(jsonLine).join('')
            : `${reset.map(({ name, value }) => `${name} is ${writeSetting(name, value)}\n`).join('') || `${plural(0, 'setting')} reset\n`}`,
        );
        return 0;
      });
    });
}
