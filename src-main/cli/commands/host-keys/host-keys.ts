import type { Command } from 'commander';
import { addGroup } from '../../command-group.ts';
import type { Session } from '../../session.ts';
import { addHostKeyAccept } from './accept.ts';
import { addHostKeyLs } from './ls.ts';
import { addHostKeyRm } from './rm.ts';

const after = `
Keys of ~/.ssh/known_hosts are trusted as well and are not listed here.

Examples:
  drover hostkey ls --offered
  drover hostkey accept 10.0.0.1`;

export function addHostKeys(program: Command, session: Session): void {
  const group = addGroup(program, { name: 'hostkey', summary: 'list, accept and remove host keys', after });
  addHostKeyLs(group, session);
  addHostKeyAccept(group, session);
  addHostKeyRm(group, session);
}
