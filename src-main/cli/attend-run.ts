import type { DroverClient } from '#contract/client';
import type { InputOf } from '#contract';
import { DroverError } from '#contract/errors';
import type { HostRow, Run, RunRef } from '#contract/run';
import type { AttendFlags } from './commands/shared-options.ts';
import { exitCodeOfRun } from './exit-code.ts';
import { followOutput, type OutputView } from './follow-output.ts';
import { GroupView, showGroups } from './grouped-output.ts';
import type { Connection } from './host.ts';
import { jsonLine } from './json-line.ts';
import { JsonView, TextView } from './output-views.ts';
import { showEnd } from './run-end.ts';
import { hostNames, labelsOf, runHosts } from './run-hosts.ts';
import { showProgress } from './run-progress.ts';
import type { Session } from './session.ts';
import { trustHostKeys } from './trust-host-keys.ts';

type RunLogin = InputOf<'run.start'>['login'];

export type Attendance = AttendFlags & {
  readonly start: (client: DroverClient) => Promise<RunRef>;
  /** How the targets are reached, for what is run again on some of them. */
  readonly login?: RunLogin;
};

type Ended = { readonly run: Run; readonly rows: readonly HostRow[] };

/**
 * Starts a run and shows it to its end; gives the exit code that its end means. Targets whose host keys are trusted
 * afterwards are run again, and the code then stands for both.
 */
export async function attendRun(session: Session, connection: Connection, attendance: Attendance): Promise<number> {
  const { client } = connection;
  const first = await attendOnce(session, connection, attendance);
  if (!first) {
    return 0;
  }
  const hosts = await trustHostKeys(session, client, { ...first, ask: true });
  if (hosts.length === 0) {
    return exitCodeOfRun(first.run) ?? 3;
  }
  const { login } = attendance;
  const start = (): Promise<RunRef> => client.call('run.rerun', { run: first.run.id, hosts, ...(login && { login }) });
  const second = await attendOnce(session, connection, { ...attendance, start });
  if (second) {
    await trustHostKeys(session, client, { ...second, ask: false });
  }
  return exitCodeOfBoth(first, { hosts, second });
}

type Again = { readonly hosts: readonly number[]; readonly second: Ended | undefined };

/** The worse of the two, where the first counts only for targets that were not run again. */
function exitCodeOfBoth(first: Ended, { hosts, second }: Again): number {
  const again = new Set(hosts);
  const allWell = first.rows.every(({ host, status }) => status === 'success' || again.has(host));
  const ofFirst = allWell ? 0 : (exitCodeOfRun(first.run) ?? 3);
  return Math.max(ofFirst, (second && exitCodeOfRun(second.run)) ?? 3);
}

/** Undefined when the run was left to itself. */
async function attendOnce(
  session: Session,
  connection: Connection,
  attendance: Attendance,
): Promise<Ended | undefined> {
  const { client } = connection;
  const { json = false, quiet = false, group = false } = attendance;
  const started = attendance.start(client);
  session.onInterrupt(stopStepByStep(session, client, started));
  const ref = await started;
  if (json) {
    session.out.write(jsonLine({ kind: 'started', id: ref.id, no: ref.no }));
  }
  if (attendance.detach) {
    leaveRun(session, { ref, local: connection.local, json, quiet });
    return undefined;
  }
  session.out.onGone(() =>
    session.notice(`nobody reads the output any more; run #${ref.no} goes on, Ctrl-C cancels it`),
  );
  const { run, rows, groups } = await watch(session, client, { ref, json, quiet, group });
  if (groups) {
    await showGroups(session, client, { run, rows, view: groups, json });
  }
  if (json) {
    session.out.write(rows.map((row) => jsonLine({ kind: 'host', ...row })).join('') + jsonLine({ kind: 'end', run }));
  } else {
    showEnd(session, { run, rows, quiet });
  }
  return { run, rows };
}

type Left = { readonly ref: RunRef; readonly local: boolean; readonly json: boolean; readonly quiet: boolean };

function leaveRun(session: Session, { ref, local, json, quiet }: Left): void {
  if (!json) {
    session.out.write(`${ref.no}\n`);
  }
  if (local && !quiet) {
    session.notice(`no engine is running, so this process works on #${ref.no} until it has ended`);
  }
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

type Watch = { readonly ref: RunRef; readonly json: boolean; readonly quiet: boolean; readonly group: boolean };

type Watched = Ended & { readonly groups: GroupView | undefined };

async function watch(session: Session, client: DroverClient, { ref, json, quiet, group }: Watch): Promise<Watched> {
  let endProgress = (): void => undefined;
  try {
    const planned = await runHosts(client, ref.id);
    const groups = group ? new GroupView() : undefined;
    const view = groups ?? lineView(session, planned, json);
    endProgress = groups ? showProgress(session, client, { run: ref.id, quiet }) : endProgress;
    // Only the end of the run ends this: who reads may be gone, the exit code still has to be right.
    const forever = new AbortController().signal;
    const ended = await followOutput(client, { run: ref.id }, { view, signal: forever });
    view.finish();
    endProgress();
    const run = ended ?? (await client.call('run.get', { run: ref.id })).run;
    if (exitCodeOfRun(run) === undefined) {
      throw new DroverError('engine-stopping', 'The engine stopped sending');
    }
    return { run, rows: await runHosts(client, ref.id), groups };
  } catch (error) {
    throw lostSight(error, ref);
  } finally {
    endProgress();
  }
}

function lineView(session: Session, planned: readonly HostRow[], json: boolean): OutputView {
  const names = hostNames(planned);
  return json
    ? new JsonView(session.out, names)
    : new TextView(session, { names, labels: labelsOf(planned), timestamps: false });
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
