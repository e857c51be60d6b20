import { stringify } from 'csv-stringify/sync';
import type { FileReply } from '#contract';
import { placesIn } from '#contract/host-places';
import type { HostRow, ResultsQuery, Run } from '#contract/run';
import type { Archive } from '#core/ports';

/** Targets read at once. */
const pageHosts = 1_000;

const columns = [
  'run', 'target', 'address', 'status', 'reason', 'exit code', 'started', 'ended', 'duration ms', 'lines', 'bytes',
  'message',
]; // prettier-ignore

/** What became of each target of a run as CSV, read in pages: RFC 4180, UTF-8, times as ISO 8601 in UTC. */
export function downloadResults(archive: Archive, run: Run, query: ResultsQuery): FileReply {
  return {
    name: `run-${run.no}-results.csv`,
    contentType: 'text/csv; charset=utf-8',
    body: pages(archive, run, query),
  };
}

async function* pages(archive: Archive, run: Run, query: ResultsQuery): AsyncGenerator<Uint8Array> {
  const isNamed = query.hosts === undefined ? () => true : placesIn(query.hosts);
  const reasons = query.reason && new Set(query.reason);
  const encoder = new TextEncoder();
  yield encoder.encode(csv([columns]));
  for (let after = -1; ;) {
    const rows = archive.getHosts(run.id, { status: query.status, after, limit: pageHosts });
    const last = rows.at(-1);
    if (!last) {
      return;
    }
    const wanted = rows.filter(
      ({ host, reason }) => isNamed(host) && (!reasons || (reason !== null && reasons.has(reason))),
    );
    if (wanted.length > 0) {
      yield encoder.encode(csv(wanted.map((row) => cells(run.no, row))));
    }
    after = last.host;
    await Promise.resolve();
  }
}

const csv = (records: unknown[][]): string =>
  // A name or a message may come from a stranger's machine: a spreadsheet must not take it for a formula.
  stringify(records, { record_delimiter: 'windows', escape_formulas: true });

const time = (at: number | null): string => (at === null ? '' : new Date(at).toISOString());

function cells(no: number, row: HostRow): unknown[] {
  return [
    no,
    row.name,
    row.address,
    row.status,
    row.reason ?? '',
    row.exitCode ?? '',
    time(row.startedAt),
    time(row.endedAt),
    row.durationMs === null ? '' : Math.round(row.durationMs),
    row.out.lines + row.err.lines,
    row.out.bytes + row.err.bytes,
    row.message,
  ];
}
