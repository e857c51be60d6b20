import { type Command, Option } from 'commander';
import type { HostRow, Run, RunDetail, RunKey, RunOptions } from '#contract/run';
import { jsonLine } from '../json-line.ts';
import { runKey } from '../option-values.ts';
import { runHosts } from '../run-hosts.ts';
import type { Session } from '../session.ts';
import { tableLines } from '../table.ts';
import { plainLine, safeText } from '../terminal-safe.ts';
import { purgedText } from '../purge-words.ts';
import { agoText, countsText, durationText, hostDetail, statusPaint, statusText, timeText } from '../wording.ts';
import { dataOption, jsonOption } from './shared-options.ts';

type Flags = { readonly data?: string; readonly json?: boolean; readonly csv?: boolean };

const after = `
With --json one object: what run.get gives, and hosts with the result of every target. With --csv one record for each
target, for a spreadsheet or an inspection: cells that a spreadsheet would take for a formula begin with an apostrophe.

Examples:
  drover show 12
  drover show 12 --csv > results.csv`;

export function addShow(program: Command, session: Session): void {
  program
    .command('show')
    .summary('show what a run was and how it ended')
    .description('Shows what a run was, on which targets, and how it ended.')
    .argument('<run>', 'number of the run', runKey)
    .addOption(new Option('--csv', 'one record of CSV for each target').conflicts('json'))
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (key: RunKey, flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async (connection, signal) => {
        const { client } = connection;
        if (flags.csv) {
          return writeCsv(session, await connection.download('run.results', { run: key }), signal);
        }
        const detail = await client.call('run.get', { run: key });
        const hosts = await runHosts(client, detail.run.id);
        if (flags.json) {
          session.out.write(jsonLine({ ...detail, hosts }));
        } else {
          showText(session, detail, hosts);
        }
        return 0;
      });
    });
}

/** Names and messages may hold sequences that a terminal obeys; a file gets the bytes as they are. */
async function writeCsv(session: Session, bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number> {
  const decoder = new TextDecoder();
  for await (const piece of bytes) {
    if (signal.aborted) {
      break;
    }
    const text = (): string => safeText(decoder.decode(piece, { stream: true }).replaceAll('\r\n', '\n'));
    session.out.write(session.out.isTerminal ? text() : piece);
    await session.out.drained();
  }
  return 0;
}

function showText(session: Session, detail: RunDetail, hosts: readonly HostRow[]): void {
  const { run } = detail;
  const paint = statusPaint(run.status, { colours: session.out.hasColours });
  const title = plainLine(run.name || run.summary);
  const facts = factLines(detail, session.host.clock.now());
  const blocks = [
    [`#${run.no} ${paint(statusText(run.status))}  ${title}`, ...facts],
    hostLines(session, hosts),
    ...parameterLines(detail),
    textLines(session, detail),
  ];
  session.out.write(`${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`);
}

function factLines({ run, options, leftAlone }: RunDetail, now: number): string[] {
  const facts: [string, string][] = [
    ['Reason', plainLine(run.reason)],
    [
      'Created',
      `${timeText(run.createdAt)}, ${agoText(run.createdAt, now)}, by ${plainLine(run.executor.name)}, ${run.source}`,
    ],
    ['Took', run.durationMs === null ? '' : durationText(run.durationMs)],
    ['Targets', `${countsText(run)}: ${plainLine(run.selector)}`],
    ['Options', optionsText(options)],
    ['Output', outputText(run)],
    ['Cancel', cancelText(run)],
    ['Rerun of', run.rerunOf ? `#${run.rerunOf.no}` : ''],
    ['Left alone', leftAlone.map(plainLine).join('  ')],
  ];
  return facts.filter(([, value]) => value !== '').map(([name, value]) => `${name.padEnd(10)}  ${value}`);
}

function optionsText(options: RunOptions): string {
  return [
    `timeout ${options.timeoutS} s`,
    options.deadlineS > 0 ? `deadline ${options.deadlineS} s` : '',
    `${options.concurrency} at once`,
    options.batches ? `batches ${options.batches.join(',')}` : '',
    options.pauseS > 0 ? `pause ${options.pauseS} s` : '',
    options.stopAfter ? `stop after ${options.stopAfter}` : '',
    options.tolerate === '0' ? '' : `tolerate ${options.tolerate}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function outputText({ lastSeq, outputBytes, omittedBytes, purged }: Run): string {
  const written = `${lastSeq} lines, ${outputBytes} bytes`;
  const kept = purged ? `${written}; ${purgedText(purged)}` : written;
  return omittedBytes > 0 ? `${kept}; ${omittedBytes} more bytes were over the limit and are not kept` : kept;
}

function cancelText({ cancel }: Run): string {
  return cancel ? `by ${plainLine(cancel.by)} at ${timeText(cancel.at)}${cancel.forced ? ', forced' : ''}` : '';
}

function hostLines(session: Session, hosts: readonly HostRow[]): string[] {
  const colours = session.out.hasColours;
  const rows = hosts.map((row) => [
    { text: String(row.host) },
    { text: plainLine(row.name) },
    { text: statusText(row.status), paint: statusPaint(row.status, { colours }) },
    { text: row.durationMs === null ? '' : durationText(row.durationMs) },
    { text: String(row.out.lines + row.err.lines) },
    {
      text: [hostDetail(row), row.stopped, row.lateResult]
        .filter(Boolean)
        .map((part) => plainLine(part ?? ''))
        .join('; '),
    },
  ]);
  return tableLines(rows, {
    head: ['HOST', 'NAME', 'STATUS', 'TOOK', 'LINES', 'OUTCOME'],
    columns: session.out.columns,
  });
}

function parameterLines({ task }: RunDetail): string[][] {
  const sections: [string, [string, unknown][]][] = [
    ['Parameters', Object.entries(task.parameters)],
    ['Environment', Object.entries(task.environment)],
    ['Arguments', task.args.map((arg, index) => [String(index + 1), arg])],
  ];
  return sections
    .filter(([, entries]) => entries.length > 0)
    .map(([title, entries]) => [title, ...entries.map(([name, value]) => `  ${name} = ${plainLine(String(value))}`)]);
}

function textLines(session: Session, { finalText, textSha256, task }: RunDetail): string[] {
  const text = finalText.replace(/\n$/, '');
  const lines = session.out.isTerminal ? safeText(text) : text;
  return [`Text (${task.language}, SHA-256 ${textSha256})`, ...lines.split('\n').map((line) => `  ${line}`)];
}
