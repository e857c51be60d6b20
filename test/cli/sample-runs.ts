import type { HostRow, OutputFrame, OutputLine, Run, RunDetail } from '#contract/run';
import type { FakeEngine } from './fake-host.ts';
import { fakeNow } from './fake-host.ts';

const id = '01900000-0000-7000-8000-000000000012';

export function sampleRun(change: Partial<Run> = {}): Run {
  return {
    id,
    no: 12,
    name: '',
    kind: 'quick',
    taskType: 'script',
    language: 'shell',
    summary: 'df -h',
    status: 'success',
    phase: 'ok',
    reason: '',
    source: 'manual',
    executor: { userId: 'u', name: 'ada', role: 'owner', teams: ['default'] },
    selector: 'local',
    firstTarget: 'local',
    counts: { ...noCounts, total: 1, success: 1 },
    rerunOf: null,
    cancel: null,
    createdAt: fakeNow - 180_000,
    startedAt: fakeNow - 180_000,
    endedAt: fakeNow - 179_700,
    durationMs: 300,
    lastSeq: 2,
    outputBytes: 10,
    omittedBytes: 0,
    purged: null,
    rev: 1,
    ...change,
  };
}

export const noCounts: Run['counts'] = {
  total: 0,
  pending: 0,
  running: 0,
  success: 0,
  failed: 0,
  timeout: 0,
  cancelled: 0,
  skipped: 0,
  unreachable: 0,
};

export function sampleHost(change: Partial<HostRow> = {}): HostRow {
  const stream = { lines: 1, bytes: 5, omitted: 0, sha256: null };
  return {
    host: 0,
    targetId: 'n',
    name: 'local',
    address: 'This machine',
    status: 'success',
    reason: null,
    message: '',
    exitCode: 0,
    attempt: 1,
    startedAt: fakeNow - 180_000,
    endedAt: fakeNow - 179_700,
    durationMs: 300,
    stopped: null,
    lateResult: null,
    out: stream,
    err: stream,
    ...change,
  };
}

export function sampleLine(change: Partial<OutputLine> = {}): OutputLine {
  return { seq: 1, n: 1, host: 0, stream: 'out', at: fakeNow, text: 'hello', open: false, ...change };
}

export function sampleDetail(change: Partial<RunDetail> = {}): RunDetail {
  return {
    run: sampleRun(),
    task: {
      type: 'script',
      language: 'shell',
      text: 'df -h\n',
      args: [],
      environment: {},
      parameters: {},
      noParameters: false,
    },
    options: { timeoutS: 600, deadlineS: 0, concurrency: 64, pauseS: 0, tolerate: '0' },
    finalText: 'df -h\n',
    textSha256: 'abc123',
    planSha256: 'def456',
    leftAlone: [],
    ...change,
  };
}

type Story = {
  readonly run?: Partial<Run>;
  readonly hosts?: readonly HostRow[];
  readonly lines?: readonly OutputLine[];
};

/** An engine on which one run ends as told, having written `lines`. */
export function engineWithRun({ run: change = {}, hosts = [sampleHost()], lines = [] }: Story = {}) {
  const run = sampleRun({ counts: { ...noCounts, total: hosts.length }, lastSeq: lines.length, ...change });
  const chosen = (query: { host?: number | undefined; stream?: string | undefined; after?: number | undefined }) =>
    lines.filter(
      (line) =>
        line.seq > (query.after ?? 0) &&
        (query.host === undefined || line.host === query.host) &&
        (query.stream === undefined || line.stream === query.stream),
    );
  return {
    calls: {
      'run.start': () => ({ id: run.id, no: run.no }),
      'run.rerun': () => ({ id: run.id, no: run.no }),
      'run.get': () => sampleDetail({ run }),
      'run.hosts': () => ({ hosts: [...hosts], next: null }),
      'run.lines': (query) => {
        const found = chosen(query);
        return { lines: found.slice(0, 2), more: found.length > 2 };
      },
      'run.cancel': ({ level }) => ({
        ...run,
        status: level === 'waiting' ? ('running' as const) : ('cancelling' as const),
      }),
      'run.kill': () => ({ ...run, status: 'cancelling' as const }),
    },
    feeds: {
      'run.output': function* (query) {
        for (const line of chosen(query)) {
          yield { seq: line.seq, item: { kind: 'lines', lines: [line] } };
        }
        yield { seq: run.lastSeq, item: { kind: 'final', run } };
      },
    },
  } satisfies FakeEngine;
}

/** Items of `run.output` that come when the test says so. */
export function heldOutput() {
  const waiting: OutputFrame[] = [];
  let wake: (() => void) | undefined;
  let seq = 0;
  const push = (frame: OutputFrame): void => {
    waiting.push(frame);
    wake?.();
  };
  const feed = async function* (_query: unknown, signal: AbortSignal) {
    signal.addEventListener('abort', () => wake?.());
    while (!signal.aborted) {
      const item = waiting.shift();
      if (item) {
        seq += 1;
        yield { seq, item };
        if (item.kind === 'final') {
          return;
        }
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  };
  return { push, feed };
}
