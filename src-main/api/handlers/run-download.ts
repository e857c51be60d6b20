import type { DownloadQuery, OutputLine, Run } from '#contract/run';
import type { FileReply } from '#contract';
import { DroverError } from '#contract/errors';
import type { Archive } from '#core/ports';

/** A run's stored output as a file, read in pages: byte for byte, as readable text, or as one JSON object a line. */
export function downloadOutput(archive: Archive, run: Run, query: DownloadQuery): FileReply {
  refusePurged(run);
  const filter = {
    ...(query.host !== undefined && { host: query.host }),
    ...(query.stream !== undefined && { stream: query.stream }),
  };
  const base = `run-${run.no}${query.host === undefined ? '' : `-target-${query.host}`}-${query.stream ? `std${query.stream}` : 'output'}`;
  switch (query.format) {
    case 'raw':
      return { name: `${base}.log`, contentType: 'application/octet-stream', body: rawBytes(archive, run.id, filter) };
    case 'text':
      return {
        name: `${base}.txt`,
        contentType: 'text/plain; charset=utf-8',
        body: formatted(archive, run.id, { filter, format: asText }),
      };
    case 'jsonl':
      return {
        name: `${base}.jsonl`,
        contentType: 'application/x-ndjson',
        body: formatted(archive, run.id, { filter, format: (line) => `${JSON.stringify(line)}\n` }),
      };
  }
}

/** Gives the run back. Throws DroverError `output-purged` when its output was removed: no output must not look like an empty one. */
export function refusePurged(run: Run): Run {
  if (run.purged) {
    const { at } = run.purged;
    throw new DroverError(
      'output-purged',
      `The output of run ${run.no} was removed by policy on ${new Date(at).toISOString().slice(0, 10)}; its record is kept`,
      { detail: { ...run.purged } },
    );
  }
  return run;
}

type Filter = { host?: number; stream?: 'out' | 'err' };

async function* rawBytes(archive: Archive, runId: string, filter: Filter): AsyncGenerator<Uint8Array> {
  for (let after = 0; ;) {
    const chunks = archive.getRaw(runId, { ...filter, after });
    const last = chunks.at(-1);
    if (!last) {
      // A file must not end early as if that were all.
      refusePurged(archive.getDetail(runId).run);
      return;
    }
    for (const chunk of chunks) {
      yield chunk.bytes;
    }
    after = last.lastSeq;
    await Promise.resolve();
  }
}

/** Lines read at once at the most; the archive gives fewer long ones. */
const pageLines = 1_000;

async function* formatted(
  archive: Archive,
  runId: string,
  { filter, format }: { filter: Filter; format: (line: OutputLine, names: readonly string[]) => string },
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const names = archive.getPlan(runId).map(({ name }) => name);
  for (let after = 0; ;) {
    const lines = archive.getLines(runId, { ...filter, after, limit: pageLines });
    const last = lines.at(-1);
    if (!last) {
      refusePurged(archive.getDetail(runId).run);
      return;
    }
    yield encoder.encode(lines.map((line) => format(line, names)).join(''));
    after = last.seq;
    await Promise.resolve();
  }
}

function asText(line: OutputLine, names: readonly string[]): string {
  const name = names[line.host] ?? String(line.host);
  return `${new Date(line.at).toISOString()} ${name} ${line.stream} ${line.text}\n`;
}
