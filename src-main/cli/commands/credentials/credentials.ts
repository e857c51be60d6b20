import type { Command } from 'commander';
import { addGroup } from '../../command-group.ts';
import type { Session } from '../../session.ts';
import { addCredentialAdd } from './add.ts';
import { addCredentialInstall } from './install.ts';
import { addCredentialLs } from './ls.ts';
import { addCredentialPublicKey } from './public-key.ts';
import { addCredentialRm } from './rm.ts';

const after = `
Examples:
  drover credential add deploy --generate --user deploy
  drover credential install deploy -w 'web[01-20]' -u root --ask-password
  drover targets set web01 --credential deploy`;

export function addCredentials(program: Command, session: Session): void {
  const summary = 'list, add, install and remove credentials';
  const group = addGroup(program, { name: 'credential', summary, after });
  addCredentialLs(group, session);
  addCredentialAdd(group, session);
  addCredentialPublicKey(group, session);
  addCredentialInstall(group, session);
  addCredentialRm(group, session);
}
