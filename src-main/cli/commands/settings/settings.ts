import type { Command } from 'commander';
import { addGroup } from '../../command-group.ts';
import type { Session } from '../../session.ts';
import { addSettingsExport } from './export.ts';
import { addSettingsImport } from './import.ts';
import { addSettingsLs } from './ls.ts';
import { addSettingsReset } from './reset.ts';
import { addSettingsSet } from './set.ts';

const after = `
A value in drover.json or the environment wins over one that was set here, and cannot be changed here.

Examples:
  drover settings ls
  drover settings set limits.runsAtOnce 50
  drover settings reset limits.runsAtOnce`;

export function addSettings(program: Command, session: Session): void {
  const group = addGroup(program, { name: 'settings', summary: 'list and change settings', after });
  addSettingsLs(group, session);
  addSettingsSet(group, session);
  addSettingsReset(group, session);
  addSettingsExport(group, session);
  addSettingsImport(group, session);
}
