import type { HostRow, Run } from '#contract/run';
import { foldNames } from '#contract/fold-names';
import type { Session } from './session.ts';
import { plainLine } from './terminal-safe.ts';
import { hostOutcome, runSummary } from './wording.ts';

/** More failed targets than this are told by reason, not by target. */
const mostLines = 20;

type End = { readonly run: Run; readonly rows: readonly HostRow[]; readonly quiet: boolean };

/** What is said of a run beside its output once it has ended: failures, what was not done, and a summary at a terminal. */
export function showEnd(session: Session, { run, rows, quiet }: End): void {
  const failed = rows.filter(({ status }) => status === 'failed' || status === 'timeout');
  for (const line of failed.length > mostLines ? foldedFailures(failed, run) : failed.map(failureLine)) {
    session.notice(line);
  }
  if (run.counts.skipped > 0) {
    session.notice(`${run.counts.skipped} not started; to run these: drover rerun ${run.no} --not-started`);
  }
  if (run.omittedBytes > 0) {
    session.notice(`${run.omittedBytes} bytes of output were over the limit and are not kept`);
  }
  if (session.err.isTerminal && !quiet) {
    session.err.write(`${runSummary(run)}\n`);
  } else if (failed.length === 0 && run.status !== 'success') {
    session.notice(runSummary(run));
  }
}

function failureLine(row: HostRow): string {
  return `${plainLine(row.name)}: ${hostOutcome(row)}`;
}

/** The most frequent first; each with the node set it was met on. */
function foldedFailures(failed: readonly HostRow[], { no }: Run): string[] {
  const groups = [...Map.groupBy(failed, sharedOutcome)].toSorted(([, a], [, b]) => b.length - a.length);
  const lines = groups.slice(0, mostLines).map(([outcome, rows]) => `${nodeSet(rows)}: ${outcome}`);
  const rest = groups.slice(mostLines).reduce((sum, [, rows]) => sum + rows.length, 0);
  return rest > 0 ? [...lines, `${rest} more failed in other ways: drover show ${no}`] : lines;
}

/** In the same words for all targets: each of their messages names the target by its own address. */
function sharedOutcome(row: HostRow): string {
  const own = [row.address, row.name]
    .filter((name) => name !== '')
    .map((name) => name.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
  const names = new RegExp(String.raw`(?<![\w.-])(?:${own.join('|')})(?![\w-])`, 'g');
  return hostOutcome({ ...row, message: own.length === 0 ? row.message : row.message.replaceAll(names, 'HOST') });
}

/** `web[01-20],db1 (21)`; one name stands alone. */
export function nodeSet(rows: readonly Pick<HostRow, 'name'>[]): string {
  const folded = plainLine(foldNames(rows.map(({ name }) => name)));
  return rows.length > 1 ? `${folded} (${rows.length})` : folded;
}
