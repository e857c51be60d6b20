import type { Command } from 'commander';
import { addGroup } from '../../command-group.ts';
import type { Session } from '../../session.ts';
import { addMetricsRevoke } from './revoke.ts';
import { addMetricsShow } from './show.ts';
import { addMetricsToken } from './token.ts';

const after = `
A running drover serve gives them at /metrics, as Prometheus reads them, to whoever sends the token. They are numbers: no name
of a machine, a person or a script is in them. /healthz needs no token.

Examples:
  drover metrics token > /etc/prometheus/drover.token
  drover metrics show
  drover metrics revoke`;

export function addMetrics(program: Command, session: Session): void {
  const summary = 'numbers for Prometheus, and the token that reads them';
  const group = addGroup(program, { name: 'metrics', summary, after });
  addMetricsShow(group, session);
  addMetricsToken(group, session);
  addMetricsRevoke(group, session);
}
