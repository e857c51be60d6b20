import type { Command } from 'commander';
import type { Setting } from '#contract/settings';
import { writeSetting } from '#contract/setting-text';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';
import { tableLines } from '../../table.ts';
import { plainLine } from '../../terminal-safe.ts';
import { agoText } from '../../wording.ts';
import { dataOption, jsonOption } from '../shared-options.ts';

type Flags = { readonly changed?: boolean; readonly data?: string; readonly json?: boolean };

const after = `
Example:
  drover settings ls --json | jq -r 'select(.source.from == "changed") | .name'`;

export function addSettingsLs(group: Command, session: Session): void {
  group
    .command('ls')
    .summary('list settings')
    .description('Lists every setting with its value, its default, and where the value comes from.')
    .option('--changed', 'only those that are not the default')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const all = (await client.call('settings.get', {})).settings;
        const shown = flags.changed ? all.filter(({ source }) => source.from !== 'default') : all;
        if (flags.json) {
          session.out.write(shown.map(jsonLine).join(''));
        } else {
          showTable(session, shown);
        }
        return 0;
      });
    });
}

function showTable(session: Session, settings: readonly Setting[]): void {
  if (settings.length === 0) {
    session.notice('every setting has its default');
    return;
  }
  const now = session.host.clock.now();
  const rows = settings.map((setting) => [
    { text: setting.name },
    { text: writeSetting(setting.name, setting.value) },
    { text: writeSetting(setting.name, setting.default) },
    { text: fromText(setting, now) },
  ]);
  const head = ['NAME', 'VALUE', 'DEFAULT', 'FROM'];
  session.out.write(`${tableLines(rows, { head, columns: session.out.columns }).join('\n')}\n`);
}

function fromText({ source }: Setting, now: number): string {
  switch (source.from) {
    case 'default':
      return 'default';
    case 'fixed':
      return `fixed by ${plainLine(source.by)}`;
    case 'changed':
      return `set by ${plainLine(source.by)} ${agoText(source.at, now)}`;
  }
}
