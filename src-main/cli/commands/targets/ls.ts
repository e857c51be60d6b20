import type { Command } from 'commander';
import type { Target } from '#contract/target';
import { findTargets, targetPages } from '../../find-targets.ts';
import { machineText } from '../../host-key-text.ts';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';
import { type Cell, tableLines } from '../../table.ts';
import { plainLine } from '../../terminal-safe.ts';
import { agoText, reasonText, statusPaint } from '../../wording.ts';
import { dataOption, jsonOption } from '../shared-options.ts';

type Flags = { readonly data?: string; readonly json?: boolean };

const after = `
A query, and the selector of -t, is made of terms that must all hold:
  web1  'web*'  web[01-20]  10.0.0.0/28   names and addresses
  tag:web,db                              one of these tags; a comma is "or" among the values of its field
  !tag:canary                             not
  os: user: port: credential: connection: maintenance:yes  reach:failed  attr.NAME:VALUE  name:/^web/  #7
A selector must name what exists: a name or a tag that no target has is an error.

Examples:
  drover targets ls
  drover targets ls 'tag:web !tag:canary os:linux 10.0.*'
  drover targets ls --json | jq -r 'select(.lastReach.ok == false) | .name'`;

export function addTargetsLs(group: Command, session: Session): void {
  group
    .command('ls')
    .summary('list targets')
    .description('Lists the saved targets, or those that a query finds.')
    .argument('[query]', 'such as web1, tag:web or 10.0.*', '')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (query: string, flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        if (!flags.json) {
          showTable(session, await findTargets(client, query));
          return 0;
        }
        for await (const page of targetPages(client, query)) {
          session.out.write(page.map(jsonLine).join(''));
          await session.out.drained();
        }
        return 0;
      });
    });
}

function showTable(session: Session, targets: readonly Target[]): void {
  if (targets.length === 0) {
    session.notice('no targets');
    return;
  }
  const now = session.host.clock.now();
  const colours = session.out.hasColours;
  const rows = targets.map((target): Cell[] => [
    { text: String(target.no) },
    { text: target.name },
    { text: plainLine(target.connection === 'local' ? target.address : machineText(target)) },
    { text: target.os },
    { text: [target.maintenance ? '(maintenance)' : '', ...target.tags].filter(Boolean).join(' ') },
    reachCell(target, { now, colours }),
  ]);
  const head = ['NO', 'NAME', 'ADDRESS', 'OS', 'TAGS', 'LAST REACH'];
  session.out.write(`${tableLines(rows, { head, columns: session.out.columns }).join('\n')}\n`);
}

function reachCell({ lastReach }: Target, { now, colours }: { now: number; colours: boolean }): Cell {
  if (!lastReach) {
    return { text: '' };
  }
  const { ok, at, reason, message } = lastReach;
  const words = ok ? '● reached' : `▲ ${reason ? reasonText(reason) : 'not reached'}`;
  const said = ok || message === '' ? '' : `: ${plainLine(message)}`;
  return { text: `${words} ${agoText(at, now)}${said}`, paint: statusPaint(ok ? 'success' : 'failed', { colours }) };
}
