import type { Command } from 'commander';
import { addGroup } from '../../command-group.ts';
import type { Session } from '../../session.ts';
import { addGuardJudge } from './judge.ts';
import { addGuardPath } from './path.ts';
import { addGuardRules } from './rules.ts';

const after = `
No engine is needed. Exit codes: 0 it may run (perhaps with a note), 3 it asks for confirmation or a second person, 4 it is
forbidden.

Examples:
  drover guard judge cleanup.sh
  echo 'rm -rf "$DIR"/*' | drover guard judge
  drover guard path /etc/nginx/nginx.conf`;

export function addGuard(program: Command, session: Session): void {
  const group = addGroup(program, { name: 'guard', summary: 'ask what scripts and paths would be stopped', after });
  addGuardJudge(group, session);
  addGuardPath(group, session);
  addGuardRules(group, session);
}
