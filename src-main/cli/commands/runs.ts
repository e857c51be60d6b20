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
  readonly text?: string;
  readonly since?: number;
  readonly limit: number;
  readonly data?: string;
  readonly json?: boolean;
};

const after = `
Examples:
  drover runs --status failed,timeout --since 7d
  drover runs --json --limit 1000 | jq 'select(.counts.failed > 0) | .no'`;

const pageSize = 500;

export function addRuns(program: Command, session: Session): void {
  program
    .command('runs')
    .summary('list runs, newest first')
    .description('Lists runs, newest first.')
    .option('--status <list>', 'only these statuses, such as failed,timeout', statusList)
    .option('--source <list>', 'only these sources: manual, scheduled, api', sourceList)
    .option('--text <text>', 'only runs with this in name, first line or targets; #12 is a number')
    .option('--since <time>', 'only runs created since: 30m, 12h, 7d, 2w or a date', (value: string) =>
      sinceTime(value, session.host.clock.now()),
    )
    .option('--limit <n>', 'at most so many', positive, 20)
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const found = await listRuns(client, flags);
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

async function listRuns(client: DroverClient, { status, source, text, since, limit }: Flags): Promise<Run[]> {
  const query = {
    ...(status && { status }),
    ...(source && { source }),
    ...(text !== undefined && { text }),
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
