import type { Command } from 'commander';
import { DroverError } from '#contract/errors';
import { readSettingsExport, settingsToImport } from '#contract/settings-import';
import { inputText } from '../../input-text.ts';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';
import { plural } from '../../wording.ts';
import { dataOption, jsonOption } from '../shared-options.ts';

type Flags = { readonly data?: string; readonly json?: boolean };

const after = `
All or none. A setting that the configuration fixes here is left as it is, and told.

Example:
  drover settings import settings.json`;

export function addSettingsImport(group: Command, session: Session): void {
  group
    .command('import')
    .summary('set what drover settings export has printed')
    .description('Sets all settings of an export.')
    .argument('<file>', '- is stdin')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (file: string, flags: Flags) => {
      const exported = readSettingsExport(await inputText(file, session.host));
      if (!exported) {
        throw new DroverError('bad-input', `${file} is no export of settings`);
      }
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const { settings } = await client.call('settings.get', {});
        const { changes, fixed, unknown } = settingsToImport(exported, settings);
        fixed.forEach((name) => session.notice(`${name} is fixed here and stays as it is`));
        unknown.forEach((name) => session.notice(`${name} is no setting of this version`));
        if (changes.length > 0) {
          await client.call('settings.set', { changes: [...changes] });
        }
        session.out.write(
          flags.json ? jsonLine({ changed: changes.length }) : `${plural(changes.length, 'setting')} changed\n`,
        );
        return 0;
      });
    });
}
