import { type HostRow, type Run } from '#contract/run';
import { plainText } from './plain-text.ts';
import { words } from './words.ts';

const longestTitle = 80;
const longestTarget = 60;
const longestLine = 160;
const mostNamed = 5;

type Progress = Pick<Run, 'counts'>;

/** `#12 deploy`, safe to stand in a menu or a dialog. */
export const titleOf = (run: Pick<Run, 'no' | 'name' | 'summary'>): string =>
  `#${run.no} ${plainText(run.name || run.summary, longestTitle)}`.trim();

/** Targets of a run that have their result. */
export const doneOf = ({ counts }: Progress): number =>
  counts.success + counts.failed + counts.timeout + counts.cancelled + counts.skipped;

/** Share of all targets of these runs that have their result, from 0 to 1; null when nothing runs. */
export function progressOf(runs: readonly Progress[]): number | null {
  const total = runs.reduce((sum, { counts }) => sum + counts.total, 0);
  return total === 0 ? null : runs.reduce((sum, run) => sum + doneOf(run), 0) / total;
}

/** Names up to five runs for the dialog of Quit; `count` is how many there are in all. */
export function runsInWords(runs: readonly Run[], count: number): string {
  const named = runs.slice(0, mostNamed).map((run) => {
    const where = words.quit.where(plainText(run.firstTarget, longestTarget), run.counts.total);
    return words.quit.run(titleOf(run), where, words.quit.progress(doneOf(run), run.counts.total));
  });
  const more = Math.max(count, runs.length) - named.length;
  return [...named, ...(more > 0 ? [words.quit.more(more)] : [])].join('\n');
}

type EndedRun = Pick<Run, 'no' | 'name' | 'summary' | 'status' | 'counts'>;
type FailedHost = Pick<HostRow, 'name' | 'message'>;

/** What a notification says of an ended run; `line` is the first line the first failed target wrote to its error stream. */
export function endInWords(
  run: EndedRun,
  { host, line }: { host: FailedHost | undefined; line: string | undefined },
): { title: string; body: string } {
  const why =
    host && words.ended.line(plainText(host.name, longestTarget), plainText(line || host.message, longestLine));
  return { title: words.ended.title(titleOf(run), run.status), body: [sumOf(run), why].filter(Boolean).join('\n') };
}

function sumOf({ status, counts }: EndedRun): string {
  const failed = counts.failed + counts.timeout;
  if (status === 'cancelled') {
    return words.ended.cancelled(counts.success, counts.total);
  }
  if (failed === 0) {
    return status === 'success' ? words.ended.allWell(counts.total) : '';
  }
  return status === 'success' ? words.ended.tolerated(failed, counts.total) : words.ended.failed(failed, counts.total);
}
