import type { Command } from 'commander';
import { addGroup } from '../../command-group.ts';
import type { Session } from '../../session.ts';
import { addTargetsAdd } from './add.ts';
import { addTargetsImport } from './import.ts';
import { addTargetsLs } from './ls.ts';
import { addTargetsRm } from './rm.ts';
import { addTargetsSet } from './set.ts';
import { addTargetsTest } from './test.ts';

const after = `
Examples:
  drover targets add web1 --address 10.0.0.1 --user ada --tag web
  drover targets import ~/.ssh/config
  drover targets test tag:web`;

export function addTargets(program: Command, session: Session): void {
  const group = addGroup(program, { name: 'targets', summary: 'list, add, change, test and remove targets', after });
  addTargetsLs(group, session);
  addTargetsAdd(group, session);
  addTargetsSet(group, session);
  addTargetsImport(group, session);
  addTargetsTest(group, session);
  addTargetsRm(group, session);
}
