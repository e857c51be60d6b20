import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { socketDownload } from '../../src-main/cli/socket-wire.ts';
import { BenchEngine, untilRunEnded } from './bench-engine.ts';
import { type Figure, figureOf } from './figure.ts';
import { floodLine, floodLines, floodSeconds } from './flood-line.ts';
import { cpuMs, memoryMb } from './process-facts.ts';

const writer = fileURLToPath(new URL('./flood-writer.ts', import.meta.url));
const nominalMs = floodSeconds * 1_000;
const storedBarMs = 1.5 * nominalMs;
const peakBarMb = 400;

type Flood = {
  readonly writingMs: number;
  readonly storedMs: number;
  readonly engineCpuMs: number;
  readonly peakMb: number;
};

/** One local script that writes 100,000 lines a second for ten seconds: stored once each, in order, soon and in little memory. */
export async function flood(rounds: number): Promise<Figure[]> {
  const expected = expectedDigest();
  const floods: Flood[] = [];
  for (let round = 0; round < rounds; round += 1) {
    floods.push(await measure(expected));
  }
  const engineCpu = floods.reduce((sum, { engineCpuMs }) => sum + engineCpuMs, 0) / rounds;
  return [
    figureOf({
      name: 'flood: first line written → all stored',
      unit: 'ms',
      values: floods.map(({ storedMs }) => storedMs),
      // Against the pace that was asked for and not the writer's own time, which an engine that is slow would stretch.
      bar: storedBarMs,
      cpuMs: engineCpu,
      peer: { name: "the writer's own time", values: floods.map(({ writingMs }) => writingMs) },
    }),
    figureOf({
      name: 'flood: highest memory of the engine',
      unit: 'MB',
      values: floods.map(({ peakMb }) => peakMb),
      bar: peakBarMb,
    }),
  ];
}

function expectedDigest(): string {
  const hash = createHash('sha256');
  for (let n = 1; n <= floodLines; n += 1) {
    hash.update(floodLine(n));
  }
  return hash.digest('hex');
}

async function measure(expected: string): Promise<Flood> {
  await using engine = await BenchEngine.start();
  const { client } = engine;
  const note = join(engine.data, 'flood-note.json');
  const words = [process.execPath, writer, note];
  const text = `exec ${words.map((word) => `'${word}'`).join(' ')}\n`;
  const cpuBefore = cpuMs(engine.pid);
  const { id } = await client.call('run.start', { task: { type: 'script', text }, targets: 'local' });
  await untilRunEnded(client, id);
  const engineCpuMs = cpuMs(engine.pid) - cpuBefore;
  const { run } = await client.call('run.get', { run: id });
  if (run.status !== 'success' || run.lastSeq !== floodLines || run.omittedBytes !== 0) {
    throw new Error(`the flood ended ${run.status} with ${run.lastSeq} lines and ${run.omittedBytes} omitted bytes`);
  }
  const { beganAt, writingMs } = JSON.parse(readFileSync(note, 'utf8')) as { beganAt: number; writingMs: number };
  const storedMs = (run.endedAt ?? Number.NaN) - beganAt;
  const { peak } = memoryMb(engine.pid);
  const hash = createHash('sha256');
  for await (const bytes of await socketDownload(engine.socketPath, 'run.download', { run: id, format: 'raw' })) {
    hash.update(bytes);
  }
  if (hash.digest('hex') !== expected) {
    throw new Error('what was stored is not, byte for byte and in order, what was written');
  }
  return { writingMs, storedMs, engineCpuMs, peakMb: peak };
}
