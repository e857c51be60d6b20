import { type Command, Option } from 'commander';
import type { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import type { HostRow, RunKey, Stream } from '#contract/run';
import { followOutput, storedOutput } from '../follow-output.ts';
import type { Connection } from '../host.ts';
import { jsonLine } from '../json-line.ts';
import { purgedText } from '../purge-words.ts';
import { oneStream, runKey } from '../option-values.ts';
import { JsonView, TextView } from '../output-views.ts';
import { hostNames, labelsOf, runHosts } from '../run-hosts.ts';
import type { Session } from '../session.ts';
import { dataOption, jsonOption } from './shared-options.ts';

type Flags = {
  readonly follow?: boolean;
  readonly target?: string;
  readonly stream?: Stream;
  readonly raw?: boolean;
  readonly timestamps?: boolean;
  readonly data?: string;
  readonly json?: boolean;
};

type Selected = { readonly run: RunKey; readonly host?: number; readonly stream?: Stream };

const after = `
The stdout of the targets goes to stdout, their stderr to stderr. With --raw all bytes that were chosen go to stdout
exactly as they came. The exit code says whether the output could be read, not how the run ended.

Examples:
  drover output 12 --follow
  drover output 12 --target web1 --stream stdout --raw > web1.out`;

export function addOutput(program: Command, session: Session): void {
  program
    .command('output')
    .summary('print what a run has written')
    .description('Prints what a run has written by now, or until it ends.')
    .argument('<run>', 'number of the run', runKey)
    .option('-f, --follow', 'go on until the run ends')
    .option('-t, --target <host>', 'only this target: its name in the run, or its place as drover show counts them')
    .option('--stream <stream>', 'only one stream: stdout or stderr', oneStream)
    .addOption(new Option('--raw', 'exact bytes').conflicts(['follow', 'timestamps', 'json']))
    .option('--timestamps', 'begin each line with the time it was stored')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (run: RunKey, flags: Flags) => {
      if (flags.raw && session.out.isTerminal) {
        throw new DroverError('bad-input', 'Raw bytes may act on this terminal: send them to a file or a pipe', {
          detail: { remedy: 'drover output N --raw > FILE' },
        });
      }
      session.exitCode = await session.withEngine({ data: flags.data }, (connection, signal) =>
        output(session, connection, { run, flags, signal }),
      );
    });
}

type Wanted = { readonly run: RunKey; readonly flags: Flags; readonly signal: AbortSignal };

async function output(session: Session, connection: Connection, { run, flags, signal }: Wanted): Promise<number> {
  const { client } = connection;
  const { purged, no } = (await client.call('run.get', { run })).run;
  if (purged) {
    throw new DroverError('output-purged', `The output of run ${no} was ${purgedText(purged)}`, {
      detail: { remedy: `Its record stays: drover show ${no}` },
    });
  }
  const rows = await runHosts(client, run);
  const selected: Selected = {
    run,
    ...(flags.target !== undefined && { host: placeOf(flags.target, rows) }),
    ...(flags.stream && { stream: flags.stream }),
  };
  const untilGone = new AbortController();
  session.out.onGone(() => untilGone.abort());
  const watched = AbortSignal.any([signal, untilGone.signal]);
  if (flags.raw) {
    await copyRaw(session, await connection.download('run.download', { ...selected, format: 'raw' }), watched);
    return 0;
  }
  const names = hostNames(rows);
  const labels = flags.target === undefined ? labelsOf(rows) : undefined;
  const view = flags.json
    ? new JsonView(session.out, names)
    : new TextView(session, { names, labels, timestamps: flags.timestamps ?? false });
  await (flags.follow
    ? followToEnd(session, client, { selected, flags, watched: { view, signal: watched } })
    : storedOutput(client, selected, { view, signal: watched }));
  view.finish();
  return 0;
}

type Followed = {
  readonly selected: Selected;
  readonly flags: Flags;
  readonly watched: Parameters<typeof followOutput>[2];
};

async function followToEnd(
  session: Session,
  client: DroverClient,
  { selected, flags, watched }: Followed,
): Promise<void> {
  const ended = await followOutput(client, selected, watched);
  if (!ended && !watched.signal.aborted) {
    throw new DroverError('engine-stopping', 'The engine stopped sending before the run had ended');
  }
  if (ended && flags.json) {
    session.out.write(jsonLine({ kind: 'end', run: ended }));
  }
}

async function copyRaw(session: Session, bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
  for await (const piece of bytes) {
    if (signal.aborted) {
      return;
    }
    session.out.write(piece);
    await session.out.drained();
  }
}

/** A name wins over a place, because a target may be called `3`. */
function placeOf(target: string, rows: readonly HostRow[]): number {
  const named = rows.filter(({ name }) => name === target);
  if (named.length > 1) {
    throw new DroverError('unknown-target', `Several targets of this run are called ${target}`, {
      detail: { remedy: `Name the place: --target ${named.map(({ host }) => host).join(' or ')}` },
    });
  }
  const found = named[0] ?? rows.find(({ host }) => /^\d+$/.test(target) && host === Number(target));
  if (!found) {
    const known = rows.slice(0, 10).map(({ name }) => name);
    throw new DroverError('unknown-target', `No target '${target}' in this run`, {
      detail: { remedy: `Its targets: ${known.join(', ')}${rows.length > 10 ? ', …' : ''}` },
    });
  }
  return found.host;
}
