import type { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import type { HostRow, Run, RunRef } from '#contract/run';
import { exitCodeOfRun } from './exit-code.ts';
import { followOutput } from './follow-output.ts';
import type { Connection } from './host.ts';
import { jsonLine } from './json-line.ts';
import { JsonView, TextView } from './output-views.ts';
import { hostNames, runHosts } from './run-hosts.ts';
import type { Session } from './session.ts';
import { plainLine } from './terminal-safe.ts';
import { hostOutcome, runSummary } from './wording.ts';

export type Attendance = {
  readonly start: (client: DroverClient) => Promise<RunRef>;
  /** Prints the number and goes, instead of showing the run until it ends. */
  readonly detach: boolean;
  readonly json: boolean;
  /** Only what the targets write, failures and errors. */
  readonly quiet: boolean;
};

/** Starts a run and shows it to its end; gives the exit code that its end means. */
export async function attendRun(session: Session, connection: Connection, attendance: Attendance): Promise<number> {
  const { client } = connection;
  const started = attendance.start(client);
  session.onInterrupt(stopStepByStep(session, client, started));
  const ref = await started;
  if (attendance.json) {
    session.out.write(jsonLine({ kind: 'started', id: ref.id, no: ref.no }));
  }
  if (attendance.detach) {
    return leaveRun(session, { ref, local: connection.local, ...attendance });
  }
  session.out.onGone(() =>
    session.notice(`nobody reads the output any more; run #${ref.no} goes on, Ctrl-C cancels it`),
  );
  const { run, rows } = await watch(session, client, { ref, json: attendance.json });
  if (attendance.json) {
    session.out.write(rows.map((row) => jsonLine({ kind: 'host', ...row })).join('') + jsonLine({ kind: 'end', run }));
  } else {
    showEnd(session, { run, rows, quiet: attendance.quiet });
  }
  return exitCodeOfRun(run) ?? 3;
}

type Left = { readonly ref: RunRef; readonly local: boolean; readonly json: boolean; readonly quiet: boolean };

function leaveRun(session: Session, { ref, local, json, quiet }: Left): number {
  if (!json) {
    session.out.write(`${ref.no}\n`);
  }
  if (local && !quiet) {
    session.notice(`no engine is running, so this process works on #${ref.no} until it has ended`);
  }
  return 0;
}

/** First interrupt: cancel. Second: kill. Third: go, whatever becomes of the run. */
function stopStepByStep(session: Session, client: DroverClient, started: Promise<RunRef>): () => void {
  let asked = 0;
  const stop = (call: 'run.cancel' | 'run.kill'): void => {
    started
      .then(({ id }) => client.call(call, { run: id }))
      .catch((error: unknown) => {
        // The run was quicker: its end is on the way.
        if (!(error instanceof DroverError && error.code === 'run-is-final')) {
          session.report(error);
        }
      });
  };
  return () => {
    asked += 1;
    if (asked === 1) {
      session.notice('cancelling; Ctrl-C again kills at once');
      stop('run.cancel');
    } else if (asked === 2) {
      session.notice('killing; Ctrl-C again leaves without waiting');
      stop('run.kill');
    } else {
      session.leave(130);
    }
  };
}

type Watch = { readonly ref: RunRef; readonly json: boolean };

async function watch(
  session: Session,
  client: DroverClient,
  { ref, json }: Watch,
): Promise<{ run: Run; rows: HostRow[] }> {
  try {
    const planned = await runHosts(client, ref.id);
    const names = hostNames(planned);
    const view = json
      ? new JsonView(session.out, names)
      : new TextView(session, { names, labelled: planned.length > 1, timestamps: false });
    // Only the end of the run ends this: who reads may be gone, the exit code still has to be right.
    const forever = new AbortController().signal;
    const ended = await followOutput(client, { run: ref.id }, { view, signal: forever });
    view.finish();
    const run = ended ?? (await client.call('run.get', { run: ref.id })).run;
    if (exitCodeOfRun(run) === undefined) {
      throw new DroverError('engine-stopping', 'The engine stopped sending');
    }
    return { run, rows: await runHosts(client, ref.id) };
  } catch (error) {
    throw lostSight(error, ref);
  }
}

/** The run has been started: an error while watching it must say so, or it would be started again. */
function lostSight(error: unknown, { no }: RunRef): unknown {
  if (!(error instanceof DroverError)) {
    return error;
  }
  return new DroverError(error.code, `Lost sight of run #${no}, which may go on: ${error.message}`, {
    cause: error,
    detail: { ...error.detail, run: no, remedy: `drover output ${no} --follow` },
  });
}

type End = { readonly run: Run; readonly rows: readonly HostRow[]; readonly quiet: boolean };

function showEnd(session: Session, { run, rows, quiet }: End): void {
  const failed = rows.filter(({ status }) => status === 'failed' || status === 'timeout');
  for (const row of failed) {
    session.notice(`${plainLine(row.name)}: ${hostOutcome(row)}`);
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
