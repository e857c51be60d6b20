import { constants } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { performance } from 'node:perf_hooks';
import type { Exec, ExecRequest, ExecResult, Log, OutputSink, StopSignals } from '#core/ports';
import { Channels, type Flow } from './channels.ts';
import { thisProcess, type Owner } from './directory-owner.ts';
import { findHolders } from './find-holders.ts';
import type { Held, Holder } from './hold.ts';
import { OutputReader, readRest } from './output-reader.ts';
import { PrivateDirectory, sweepDirectories } from './private-directory.ts';
import { homeFolder, privatePlaces } from './private-places.ts';
import { procTable, psTable } from './process-table.ts';
import { runEnvironment, type Environment } from './run-environment.ts';
import { RunProcesses, type Processes } from './run-processes.ts';
import { RunStop } from './run-stop.ts';
import { startInterpreter } from './start-interpreter.ts';
import { WindowsProcesses } from './windows-processes.ts';

type LocalExecNeeds = {
  readonly log: Log;
  /** Milliseconds that never go back. */
  readonly monotonic?: () => number;
  /** Of the node; what is meant for Drover itself is not passed on. */
  readonly environment?: Environment;
  /** Where a private directory may be made; by default $TMPDIR, /tmp, /dev/shm, home. */
  readonly places?: readonly string[];
  /** How interpreters are started, surest first; by default what the machine has. */
  readonly holders?: readonly Holder[];
};

type Node = Required<Omit<LocalExecNeeds, 'holders'>> & {
  readonly self: Owner;
  readonly holders: Promise<readonly Holder[]>;
};
type Work = { readonly request: ExecRequest; readonly sink: OutputSink; readonly stop: StopSignals };
type Failed = Extract<ExecResult, { kind: 'failed' }>;

const failed = (reason: Failed['reason'], message: string): Failed => ({
  kind: 'failed',
  reason,
  stopped: null,
  message,
});

function processesOf({ pid, hold }: Pick<Held, 'pid' | 'hold'>, mark: string): Processes {
  if (process.platform === 'win32') {
    return new WindowsProcesses(pid);
  }
  return new RunProcesses({ table: process.platform === 'linux' ? procTable : psTable, hold }, pid, mark);
}

/** Runs scripts on this machine as the account of the node itself. Sweeps what dead nodes left when it is made. */
export function createLocalExec(needs: LocalExecNeeds): Exec {
  const environment = needs.environment ?? process.env;
  const self = thisProcess();
  const node: Node = {
    log: needs.log,
    monotonic: needs.monotonic ?? (() => performance.now()),
    environment,
    places: needs.places ?? privatePlaces(environment),
    self,
    holders: needs.holders ? Promise.resolve(needs.holders) : findHolders(self, needs.log),
  };
  sweepDirectories(node).catch((error: unknown) => node.log.warn('Old directories could not be swept', { error }));
  return {
    run: async (request, sink, stop) => {
      try {
        return await runLocally(node, { request, sink, stop });
      } catch (error) {
        node.log.error('A local run failed unexpectedly', { runId: request.runId, error });
        return failed('lost', 'Drover failed while it ran this; its log says more');
      }
    },
  };
}

const isStopped = ({ stop }: Work): boolean => stop.term.aborted || stop.kill.aborted;

const neverStarted = (): Failed => failed('cancelled', 'Stopped before it was started');

async function runLocally(node: Node, work: Work): Promise<ExecResult> {
  if (isStopped(work)) {
    return neverStarted();
  }
  const { launch, stdin } = work.request;
  const flows: Flow[] = [stdin === null ? 'nothing' : 'reads', 'writes', 'writes'];
  const [directory, channels] = await Promise.all([PrivateDirectory.make(launch.files, node), Channels.open(flows)]);
  try {
    return directory.path === null
      ? await runFromDescriptor(node, work, { flows, refusals: directory.refusals })
      : await runScript(node, work, { name: join(directory.path, launch.entry), text: '', channels });
  } finally {
    channels.close();
    await directory.remove();
  }
}

async function runFromDescriptor(
  node: Node,
  work: Work,
  { flows, refusals }: { readonly flows: readonly Flow[]; readonly refusals: readonly string[] },
): Promise<ExecResult> {
  const [only, ...others] = work.request.launch.files;
  const channels = await Channels.open([...flows, 'reads']);
  try {
    if (only === undefined || others.length > 0 || channels.lack !== undefined) {
      return failed('no-space', `No place for the script: ${refusals.join(', ')}`);
    }
    return await runScript(node, work, { name: `/dev/fd/${flows.length}`, text: only.content, channels });
  } finally {
    channels.close();
  }
}

/** `name` is what the interpreter opens; `text` is what it reads from the channel after the usual three. */
type Script = { readonly name: string; readonly text: string; readonly channels: Channels };

async function runScript(node: Node, work: Work, { name, text, channels }: Script): Promise<ExecResult> {
  const { request } = work;
  const mark = `${request.runId}.${request.target.host}`;
  const folder = homeFolder(node.environment);
  if (channels.lack !== undefined) {
    node.log.warn('Real pipes could not be made, a script gets sockets instead', { error: channels.lack });
  }
  if (isStopped(work)) {
    return neverStarted();
  }
  const started = await startInterpreter({
    candidates: request.launch.candidates,
    script: name,
    channels,
    environment: { ...runEnvironment(node.environment, request.environment), PWD: folder, DROVER_RUN: mark },
    folder,
    holders: await node.holders,
  });
  if ('reason' in started) {
    return failed(started.reason, started.message);
  }
  const { input, out, err, extra } = channels.connect(started.child);
  feed(input, request.stdin ?? '');
  feed(extra, text);
  try {
    return await attend(node, work, { ...started, out, err, mark });
  } finally {
    await started.hold?.close();
    input?.destroy();
    extra?.destroy();
  }
}

/** What the other side does not read is no failure. */
function feed(input: Writable | null, content: string | Uint8Array): void {
  input?.on('error', () => undefined);
  input?.end(content);
}

type Attended = Omit<Held, 'child'> & { readonly out: Readable; readonly err: Readable; readonly mark: string };

async function attend(node: Node, work: Work, { ended, out, err, mark, ...started }: Attended): Promise<ExecResult> {
  const { sink, stop } = work;
  const readers = [
    new OutputReader(out, (bytes) => sink('out', bytes), node.monotonic),
    new OutputReader(err, (bytes) => sink('err', bytes), node.monotonic),
  ];
  const stopping = new RunStop(stop, { ...node, processes: processesOf(started, `DROVER_RUN=${mark}`) });
  const end = await Promise.race([ended, stopping.gaveUp]);
  const stopped = await stopping.finish();
  stopping.close();
  const isWhole = await readRest(readers, stop.kill, node.monotonic);
  for (const reader of readers) {
    if (stopped === null) {
      reader.letGo();
    } else {
      reader.close();
    }
  }
  const remarks = [...sinkFailures(readers), ...(isWhole ? [] : [openEnd(stopped, stop)])];
  if (!end) {
    const message = ['The interpreter could not be killed', ...remarks].join('. ');
    return { kind: 'failed', reason: 'lost', stopped, message };
  }
  const [code, signal] = end;
  return {
    kind: 'exited',
    exitCode: code ?? 128 + (signal ? constants.signals[signal] : 0),
    stopped,
    message: remarks.join('. '),
  };
}

const sinkFailures = (readers: readonly OutputReader[]): string[] =>
  readers
    .filter(({ failure }) => failure !== undefined)
    .slice(0, 1)
    .map(({ failure }) => `Output could not be kept: ${failure instanceof Error ? failure.message : String(failure)}`);

function openEnd(stopped: string | null, stop: StopSignals): string {
  if (stopped !== null || stop.kill.aborted) {
    return 'The last of the output may be missing';
  }
  return 'Background processes keep the output open and were left running; what they write from now on is not kept';
}
