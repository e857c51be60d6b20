import type { OutputLine, Run, RunDetail } from '#contract/run';

export const sampleNow = Date.UTC(2026, 10, 20, 10, 0, 0);

const noCounts: Run['counts'] = {
  total: 1,
  pending: 0,
  running: 0,
  success: 0,
  failed: 0,
  timeout: 0,
  cancelled: 0,
  skipped: 0,
  unreachable: 0,
};

export const countsOf = (change: Partial<Run['counts']>): Run['counts'] => ({ ...noCounts, ...change });

export function runOf(change: Partial<Run> = {}): Run {
  const no = change.no ?? 1;
  return {
    id: `00000000-0000-7000-8000-${String(no).padStart(12, '0')}`,
    no,
    name: '',
    kind: 'quick',
    taskType: 'script',
    language: 'shell',
    summary: 'uptime',
    status: 'running',
    phase: 'running',
    reason: '',
    source: 'manual',
    executor: { userId: 'u', name: 'ada', role: 'owner', teams: ['default'] },
    selector: 'local',
    firstTarget: 'local',
    counts: noCounts,
    rerunOf: null,
    cancel: null,
    createdAt: sampleNow - 60_000,
    startedAt: sampleNow - 60_000,
    endedAt: null,
    durationMs: null,
    lastSeq: 0,
    outputBytes: 0,
    omittedBytes: 0,
    purged: null,
    rev: 1,
    ...change,
  };
}

export function detailOf(change: {
  run?: Partial<Run>;
  task?: Partial<RunDetail['task']>;
  options?: Partial<RunDetail['options']>;
}): RunDetail {
  return {
    run: runOf(change.run),
    task: {
      type: 'script',
      language: 'shell',
      text: 'uptime',
      args: [],
      environment: {},
      parameters: {},
      noParameters: false,
      ...change.task,
    },
    options: { timeoutS: 600, deadlineS: 0, concurrency: 64, pauseS: 0, tolerate: '0', ...change.options },
    finalText: 'uptime',
    textSha256: '0'.repeat(64),
    planSha256: '0'.repeat(64),
    leftAlone: [],
  };
}

export function lineOf(seq: number, change: Partial<OutputLine> = {}): OutputLine {
  return { seq, n: seq, host: 0, stream: 'out', at: sampleNow, text: `line ${seq}`, open: false, ...change };
}

export const linesOf = (first: number, last: number): OutputLine[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => lineOf(first + index));
