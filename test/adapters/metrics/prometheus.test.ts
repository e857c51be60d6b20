import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPrometheus } from '#adapters/metrics/prometheus';
import { tokenFile } from '#adapters/metrics/token-file';
import type { NodeReading } from '#core/ports-operating';

const reading: NodeReading = {
  version: '1.2.3',
  ailment: null,
  live: [
    { status: 'running', runs: 2, targetsRunning: 5, targetsPending: 7 },
    { status: 'pending', runs: 4, targetsRunning: 0, targetsPending: 40 },
  ],
  ended: {
    runs: { success: 3, failed: 1, timeout: 0, cancelled: 0 },
    targets: { success: 30, failed: 2, timeout: 0, cancelled: 0, skipped: 1 },
  },
  runsAtOnce: 200,
  queueLength: 10_000,
  archiveBytes: 1_000,
  walBytes: 200,
  logBytes: 30,
  disk: { freeBytes: 5_000, freeShare: 0.5, minFreeShare: 0.05 },
  ssh: { connections: 6, limit: 256 },
  areSecretsLocked: false,
};

/** Samples by name and labels, as a reader of the format takes them; throws for what is none. */
function samplesIn(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [, name = '', value = ''] =
        /^([a-z_][a-z0-9_]*(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)*\})?) (\S+)$/.exec(line) ?? [];
      if (name === '') {
        throw new Error(`not a sample: ${line}`);
      }
      return [name, Number(value)];
    }),
  );
}

describe('the numbers for Prometheus', () => {
  it('say what the node reads, and count anew at each question', async () => {
    let now = reading;
    const metrics = createPrometheus(() => now);
    const { contentType, text } = await metrics.text();
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
    const samples = samplesIn(text);
    expect(samples.get('drover_info{version="1.2.3"}')).toBe(1);
    expect(samples.get('drover_healthy')).toBe(1);
    expect(samples.get('drover_runs{status="running"}')).toBe(2);
    expect(samples.get('drover_runs{status="pending"}')).toBe(4);
    expect(samples.get('drover_runs{status="cancelling"}')).toBe(0);
    expect(samples.get('drover_targets{status="running"}')).toBe(5);
    expect(samples.get('drover_targets{status="pending"}')).toBe(47);
    expect(samples.get('drover_runs_ended_total{status="success"}')).toBe(3);
    expect(samples.get('drover_targets_ended_total{status="skipped"}')).toBe(1);
    expect(samples.get('drover_queue_limit')).toBe(10_000);
    expect(samples.get('drover_archive_bytes')).toBe(1_000);
    expect(samples.get('drover_disk_free_ratio')).toBe(0.5);
    expect(samples.get('drover_ssh_connections')).toBe(6);
    expect(samples.has('process_cpu_seconds_total')).toBe(true);
    expect(samples.has('nodejs_eventloop_lag_p99_seconds')).toBe(true);
    now = {
      ...reading,
      ailment: 'no-space',
      live: [],
      ended: { ...reading.ended, runs: { ...reading.ended.runs, failed: 9 } },
    };
    const later = samplesIn((await metrics.text()).text);
    expect(later.get('drover_healthy')).toBe(0);
    expect(later.get('drover_runs{status="running"}')).toBe(0);
    expect(later.get('drover_runs_ended_total{status="failed"}')).toBe(9);
    expect(later.get('drover_runs_ended_total{status="success"}')).toBe(3);
  });

  it('have few series, and as many after a thousand runs as after one', async () => {
    let ended = 0;
    const metrics = createPrometheus(() => ({
      ...reading,
      ended: { ...reading.ended, runs: { ...reading.ended.runs, success: ended } },
    }));
    const own = async (): Promise<string[]> =>
      [...samplesIn((await metrics.text()).text).keys()].filter((name) => name.startsWith('drover_'));
    const before = await own();
    ended = 1_000;
    expect(await own()).toEqual(before);
    expect(before.length).toBeLessThan(40);
  });
});

describe('the file of the token', () => {
  function folder(): string {
    const made = mkdtempSync(join(tmpdir(), 'drover-token-'));
    onTestFinished(() => rmSync(made, { recursive: true }));
    return made;
  }

  it('is readable by this account alone and is read back by the next engine', () => {
    const data = folder();
    const store = tokenFile(data);
    expect(store.read()).toBeNull();
    store.write({ sha256: 'a'.repeat(64), createdAt: 5 });
    expect(tokenFile(data).read()).toEqual({ sha256: 'a'.repeat(64), createdAt: 5 });
    expect(statSync(join(data, 'metrics-token.json')).mode & 0o777).toBe(0o600);
    store.write(null);
    expect(store.read()).toBeNull();
    expect(readdirSync(data)).toEqual([]);
  });

  it.each(['', '{}', '{"version":1,"sha256":"short","createdAt":1}'])('that holds %j counts as none', (content) => {
    const data = folder();
    writeFileSync(join(data, 'metrics-token.json'), content);
    expect(tokenFile(data).read()).toBeNull();
    expect(readFileSync(join(data, 'metrics-token.json'), 'utf8')).toBe(content);
  });

  it('that cannot be written is told with its place', () => {
    expect(() => tokenFile('/proc/drover').write({ sha256: 'a'.repeat(64), createdAt: 5 })).toThrow(
      /metrics-token\.json cannot be written/,
    );
  });
});
