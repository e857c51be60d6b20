import { type Command, InvalidArgumentError } from 'commander';
import type { DroverClient } from '#contract/client';
import type { Run, RunQuery, RunSource, RunStatus } from '#contract/run';
import { jsonLine } from '../json-line.ts';
import { sinceTime, sourceList, statusList } from '../option-values.ts';
import type { Session } from '../session.ts';
import { type Cell, tableLines } from '../table.ts';
import { plainLine } from '../terminal-safe.ts';
import { cutText } from '../text-width.ts';
import { agoText, durationText, statusPaint, statusText } from '../wording.ts';
import { dataOption, jsonOption } from './shared-options.ts';

type Flags = {
  readonly status?: RunStatus[];
  readonly source?: RunSource[];
  readonly since?: number;
  readonly limit: number;
  readonly data?: string;
  readonly json?: boolean;
};

const after = `
Words of a query, side by side all are to be met:
  backup                       in name, first line, first target or selector
  name:backup  text:"apt-get"  in the name; in the first line or selector
  target:web1                  any target of the run, by name or address: target:web*, target:10.0.0.1-20
  status:failed,timeout        pending, running, cancelling, success, failed, timeout, cancelled
  by:anna  source:api          who started it; manual, scheduled or api
  phase:lost  reason:refused   where it stands and why
  language:python  rerun:#12   shell, python, powershell, bat, perl; runs that repeat #12
  since:24h  until:2026-11-20  also 30m, 7d, 2w, today, yesterday; days are those of the node's zone
  #12                          that run, whatever else is asked
  !target:web1  /re/  "a b"    not; a regular expression (RE2); the text as it stands

Examples:
  drover runs status:failed target:web1
  drover runs 'backup !by:anna since:24h'
  drover runs --status failed,timeout --since 7d
  drover runs --json -n 1000 'target:web*' | jq 'select(.counts.failed > 0) | .no'`;

const pageSize = 500;

export function addRuns(program: Command, session: Session): void {
  program
    .command('runs')
    .summary('list runs, newest first')
    .description('Lists runs, newest first. A query is written in the one grammar of all searches.')
    .argument('[query...]', 'such as status:failed target:web1; its words may stand in one argument or in several')
    .option('--status <list>', 'only these statuses, such as failed,timeout', statusList)
    .option('--source <list>', 'only these sources: manual, scheduled, api', sourceList)
    .option('--since <time>', 'only runs created since: 30m, 12h, 7d, 2w or a date', (value: string) =>
      sinceTime(value, session.host.clock.now()),
    )
    .option('-n, --limit <n>', 'at most so many', positive, 20)
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (words: string[], flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const found = await listRuns(client, words.join(' ').trim(), flags);
        if (flags.json) {
          session.out.write(found.map(jsonLine).join(''));
        } else {
          showTable(session, found);
        }
        return 0;
      });
    });
}

function positive(value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) {
    throw new InvalidArgumentError('It must be a whole number above 0.');
  }
  return Number(value);
}

async function listRuns(client: DroverClient, text: string, { status, source, since, limit }: Flags): Promise<Run[]> {
  const query = {
    ...(status && { status }),
    ...(source && { source }),
    ...(text !== '' && { text }),
    ...(since !== undefined && { since }),
  } satisfies Partial<RunQuery>;
  const found: Run[] = [];
  for (let before: number | null | undefined; before !== null && found.length < limit;) {
    const page: { runs: Run[]; next: number | null } = await client.call('run.list', {
      ...query,
      ...(before !== undefined && { before }),
      limit: Math.min(pageSize, limit - found.length),
    });
    found.push(...page.runs);
    before = page.next;
  }
  return found;
}

function showTable(session: Session, found: readonly Run[]): void {
  if (found.length === 0) {
    session.notice('no runs');
    return;
  }
  const now = session.host.clock.now();
  const colours = session.out.hasColours;
  const rows = found.map((run): Cell[] => [
    { text: `#${run.no}` },
    { text: statusText(run.status), paint: statusPaint(run.status, { colours }) },
    { text: targetsText(run) },
    { text: run.source },
    { text: agoText(run.startedAt ?? run.createdAt, now) },
    { text: run.durationMs === null ? '' : durationText(run.durationMs) },
    { text: plainLine(run.name || run.summary) },
  ]);
  const head = ['RUN', 'STATUS', 'TARGETS', 'SOURCE', 'STARTED', 'TOOK', 'WHAT'];
  session.out.write(`${tableLines(rows, { head, columns: session.out.columns }).join('\n')}\n`);
}

function targetsText({ firstTarget, counts }: Run): string {
  const first = cutText(plainLine(firstTarget), 24);
  return counts.total > 1 ? `${first} +${counts.total - 1}` : first;
}
