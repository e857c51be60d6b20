import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { NodeReading } from '#core/ports-operating';

type Prometheus = { text(): Promise<{ readonly contentType: string; readonly text: string }> };

/** Milliseconds between two looks at the event loop, from the first question on. */
const loopPrecisionMs = 20;

/**
 * The state of the node in Prometheus' text format. Every label has a handful of values that are known beforehand, and
 * none is the name of anything people name. `read` is asked once for each text.
 */
export function createPrometheus(read: () => NodeReading): Prometheus {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: loopPrecisionMs });
  const show = [...nodeGauges(registry), ...runGauges(registry), ...storageGauges(registry)];
  return {
    async text() {
      const reading = read();
      show.forEach((set) => set(reading));
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

type Show = (reading: NodeReading) => void;
type Numbers = readonly (readonly [name: string, help: string, value: (reading: NodeReading) => number])[];

const plainGauges = (registry: Registry, numbers: Numbers): Show[] =>
  numbers.map(([name, help, value]) => {
    const gauge = new Gauge({ name, help, registers: [registry] });
    return (reading) => gauge.set(value(reading));
  });

function nodeGauges(registry: Registry): Show[] {
  const registers = [registry];
  const info = new Gauge({ name: 'drover_info', help: 'The program; always 1', labelNames: ['version'], registers });
  return [
    ({ version }) => info.set({ version }, 1),
    ...plainGauges(registry, [
      ['drover_healthy', '1 when the node takes work, else 0, as /healthz has it', ({ ailment }) => Number(!ailment)],
      [
        'drover_secrets_locked',
        '1 when there are stored secrets that cannot be opened',
        ({ areSecretsLocked }) => Number(areSecretsLocked),
      ],
      ['drover_ssh_connections', 'SSH connections that are open or being opened', ({ ssh }) => ssh.connections],
      ['drover_ssh_connections_limit', 'SSH connections there may be at once', ({ ssh }) => ssh.limit],
    ]),
  ];
}

function runGauges(registry: Registry): Show[] {
  const registers = [registry];
  const labelNames = ['status'] as const;
  const runs = new Gauge({ name: 'drover_runs', help: 'Runs that have not ended', labelNames, registers });
  const targets = new Gauge({
    name: 'drover_targets',
    help: 'Targets of runs that have not ended: worked on now, or waiting',
    labelNames,
    registers,
  });
  const runsEnded = new Counter({
    name: 'drover_runs_ended_total',
    help: 'Runs that have ended since the start',
    labelNames,
    registers,
  });
  const targetsEnded = new Counter({
    name: 'drover_targets_ended_total',
    help: 'Targets of runs that have ended since the start',
    labelNames,
    registers,
  });
  return [
    ({ live }) => {
      for (const status of ['pending', 'running', 'cancelling'] as const) {
        runs.set({ status }, live.find((one) => one.status === status)?.runs ?? 0);
      }
      targets.set({ status: 'running' }, sum(live.map((one) => one.targetsRunning)));
      targets.set({ status: 'pending' }, sum(live.map((one) => one.targetsPending)));
    },
    ({ ended }) => {
      setTotals(runsEnded, ended.runs);
      setTotals(targetsEnded, ended.targets);
    },
    ...plainGauges(registry, [
      ['drover_runs_limit', 'Runs that may be worked on at once', ({ runsAtOnce }) => runsAtOnce],
      ['drover_queue_limit', 'Runs that may wait', ({ queueLength }) => queueLength],
    ]),
  ];
}

const storageGauges = (registry: Registry): Show[] =>
  plainGauges(registry, [
    ['drover_archive_bytes', 'Size of the archive', ({ archiveBytes }) => archiveBytes],
    ['drover_archive_wal_bytes', "Size of the archive's write-ahead log", ({ walBytes }) => walBytes],
    ['drover_log_bytes', 'Size of drover.log', ({ logBytes }) => logBytes],
    ['drover_disk_free_bytes', 'Free on the disk of the data folder', ({ disk }) => disk.freeBytes],
    ['drover_disk_free_ratio', 'The same as a share of the disk, 0 to 1', ({ disk }) => disk.freeShare],
    ['drover_disk_floor_ratio', 'Share below which no new runs start', ({ disk }) => disk.minFreeShare],
  ]);

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** A counter can only be raised; what it stands at comes from elsewhere. */
function setTotals(counter: Counter<'status'>, totals: Readonly<Record<string, number>>): void {
  counter.reset();
  for (const [status, total] of Object.entries(totals)) {
    counter.inc({ status }, total);
  }
}
