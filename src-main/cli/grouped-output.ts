import { createHash, type Hash } from 'node:crypto';
import type { DroverClient } from '#contract/client';
import type { HostRow, OutputLine, Run } from '#contract/run';
import type { OutputView } from './follow-output.ts';
import { jsonLine } from './json-line.ts';
import { nodeSet } from './run-end.ts';
import type { Session } from './session.ts';
import { plainLine, safeText } from './terminal-safe.ts';

/** What is shown of one output. */
const mostBytes = 1_000_000;
const pageSize = 500;
const rule = '---------------';

/** Shows nothing and keeps one digest a target: the outputs themselves stay where they are stored. */
export class GroupView implements OutputView {
  readonly #digests = new Map<number, Hash>();

  lines(lines: readonly OutputLine[]): void {
    for (const line of lines) {
      const digest = this.#digests.get(line.host) ?? createHash('sha256');
      this.#digests.set(line.host, digest.update(textOf(line)));
    }
  }

  readonly isFull = false;

  async drained(): Promise<void> {}

  finish(): void {}

  /** SHA-256 of what a target has written by now, stdout and stderr as they were stored. */
  digestOf(host: number): string {
    return (this.#digests.get(host)?.copy() ?? createHash('sha256')).digest('hex');
  }
}

type Ended = { readonly run: Run; readonly rows: readonly HostRow[]; readonly view: GroupView; readonly json: boolean };
type Group = { readonly sha256: string; readonly rows: readonly HostRow[] };

/** Prints each different output once, the most frequent first, with the targets that wrote it. */
export async function showGroups(session: Session, client: DroverClient, ended: Ended): Promise<void> {
  const groups = groupsOf(ended);
  for (const group of groups) {
    const [first] = group.rows;
    if (session.out.gone || !first) {
      return;
    }
    const wrote = first.out.bytes + first.err.bytes > 0;
    if (!wrote && !ended.json) {
      session.notice(`no output from ${nodeSet(group.rows)}`);
      continue;
    }
    const output = wrote ? await outputOf(client, ended.run, first.host) : { text: '', cut: false };
    session.out.write(ended.json ? groupLine(group, output) : groupText(session, group, output));
    if (output.cut) {
      const which = `drover output ${ended.run.no} --target '${plainLine(first.name)}'`;
      session.notice(`only the first megabyte of ${nodeSet(group.rows)} is shown; all of it: ${which}`);
    }
    await session.out.drained();
  }
}

/** Targets that were never started wrote nothing, and others say so. */
function groupsOf({ rows, view }: Ended): Group[] {
  const started = rows.filter(({ status }) => status !== 'skipped');
  // Bytes that are not UTF-8 look alike in lines; the digests of the stored bytes tell them apart.
  const byOutput = Map.groupBy(started, ({ host, out, err }) =>
    [view.digestOf(host), out.bytes, out.sha256, err.bytes, err.sha256].join(' '),
  );
  return [...byOutput.values()]
    .map((same) => ({ rows: same, sha256: view.digestOf(same[0]?.host ?? 0) }))
    .toSorted((a, b) => b.rows.length - a.rows.length);
}

type Output = { readonly text: string; readonly cut: boolean };

async function outputOf(client: DroverClient, run: Run, host: number): Promise<Output> {
  const pieces: string[] = [];
  let bytes = 0;
  let after = 0;
  for (let more = true; more;) {
    const page = await client.call('run.lines', { run: run.id, host, after, limit: pageSize });
    for (const line of page.lines) {
      const text = textOf(line);
      bytes += Buffer.byteLength(text);
      if (bytes > mostBytes) {
        return { text: pieces.join(''), cut: true };
      }
      pieces.push(text);
      after = line.seq;
    }
    more = page.more && page.lines.length > 0;
  }
  return { text: pieces.join(''), cut: false };
}

function textOf({ text, open }: OutputLine): string {
  return open ? text : `${text}\n`;
}

function groupLine({ rows, sha256 }: Group, { text, cut }: Output): string {
  const hosts = rows.map(({ name }) => name);
  return jsonLine({ kind: 'group', hosts, count: rows.length, sha256, text, ...(cut && { cut }) });
}

function groupText({ out }: Session, { rows }: Group, { text }: Output): string {
  const shown = out.isTerminal ? safeText(text) : text;
  // Behind the last line break there may be the end of its colours.
  const ended = text.endsWith('\n') ? '' : '\n';
  return `${rule}\n${nodeSet(rows)}\n${rule}\n${shown}${ended}`;
}
