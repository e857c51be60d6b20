import type { Run } from '#contract/run';
import type { PlannedHost } from '#core/ports';
import type { RunSearch, RunSlice } from '#core/ports-history';

type Row = { readonly run: Run; readonly hosts: readonly PlannedHost[] };

/** What an archive finds, without any index; `rows` stand in the order of their numbers. */
export function searchMemory(rows: readonly Row[], search: RunSearch): RunSlice {
  const found = rows
    .filter(({ run }) => run.no < search.before && (search.numbers?.includes(run.no) ?? true))
    .filter((row) => search.serials?.includes(row.run.no) ?? fits(row, search))
    .map(({ run }) => run)
    .toReversed();
  const runs = found.slice(0, search.limit);
  return { runs, reached: found.length > runs.length ? (runs.at(-1)?.no ?? null) : null };
}

function fits({ run, hosts }: Row, search: RunSearch): boolean {
  return (
    search.status.includes(run.status) &&
    search.source.includes(run.source) &&
    run.createdAt >= search.since &&
    run.createdAt < search.until &&
    search.test({ ...run, starter: run.executor.name, rerunOf: run.rerunOf?.no ?? null }) &&
    search.targets.every(({ not, means }) => hosts.some(({ name, address }) => means(name) || means(address)) !== not)
  );
}
