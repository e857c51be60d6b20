import { createHash } from 'node:crypto';
import { socketDownload } from '../../src-main/cli/socket-wire.ts';
import { BenchEngine, untilRunEnded } from './bench-engine.ts';
import { type Figure, figureOf, median } from './figure.ts';
import { floodLine } from './flood-line.ts';
import { cpuMs, memoryMb } from './process-facts.ts';
import { SshFleet } from './ssh-fleet.ts';
import { needSuccess, runOf, runToSuccess } from './ssh-run.ts';

const hosts = 50;
const seconds = 10;
const linesPerSecond = 2_000;
const linesPerHost = seconds * linesPerSecond;
const storedBarMs = 1.5 * seconds * 1_000;
const peakBarMb = 600;

/** 200 lines every 100 ms, by the clock of the system; a program that takes no processor from what is measured. */
const writer = `
use POSIX ();
my $tick = 1 / POSIX::sysconf(POSIX::_SC_CLK_TCK());
my ($began) = POSIX::times();
$| = 1;
for my $burst (1 .. ${seconds * 10}) {
  my $text = '';
  for my $n (($burst - 1) * ${linesPerSecond / 10} + 1 .. $burst * ${linesPerSecond / 10}) {
    $text .= sprintf("%08d info worker-%d handled request /api/items/%d in %d ms\\n", $n, $n % 16, $n % 1000, $n % 97);
  }
  print $text;
  my ($now) = POSIX::times();
  my $ahead = $burst / 10 - ($now - $began) * $tick;
  select(undef, undef, undef, $ahead) if $ahead > 0;
}
`;

type Flood = { readonly storedMs: number; readonly engineCpuMs: number; readonly peakMb: number };

/** 50 hosts write 2,000 lines a second each for ten seconds: each line stored once, soon and in little memory. */
export async function sshFlood(rounds: number): Promise<Figure[]> {
  const expected = expectedDigest();
  const floods: Flood[] = [];
  for (let round = 0; round < rounds; round += 1) {
    floods.push(await measure(expected));
  }
  return [
    figureOf({
      name: `${hosts} hosts by ssh: flood → all stored`,
      unit: 'ms',
      values: floods.map(({ storedMs }) => storedMs),
      bar: storedBarMs,
      cpuMs: median(floods.map(({ engineCpuMs }) => engineCpuMs)),
    }),
    figureOf({
      name: `${hosts} hosts by ssh: highest memory of the engine`,
      unit: 'MB',
      values: floods.map(({ peakMb }) => peakMb),
      bar: peakBarMb,
    }),
  ];
}

function expectedDigest(): string {
  const hash = createHash('sha256');
  for (let n = 1; n <= linesPerHost; n += 1) {
    hash.update(floodLine(n));
  }
  return hash.digest('hex');
}

async function measure(expected: string): Promise<Flood> {
  await using fleet = await SshFleet.start(hosts);
  await using engine = await BenchEngine.start();
  const { client } = engine;
  // The logins are another figure.
  await runToSuccess(client, fleet, 'true');
  const cpuBefore = cpuMs(engine.pid);
  const { id } = await client.call('run.start', runOf(fleet, { text: writer, language: 'perl' }));
  await untilRunEnded(client, id);
  const engineCpuMs = cpuMs(engine.pid) - cpuBefore;
  await needSuccess(client, id);
  const { run } = await client.call('run.get', { run: id });
  if (run.lastSeq !== hosts * linesPerHost || run.omittedBytes !== 0) {
    throw new Error(`${run.lastSeq} lines were stored and ${run.omittedBytes} bytes left out`);
  }
  for (let host = 0; host < hosts; host += 1) {
    if ((await digestOf(engine, id, host)) !== expected) {
      throw new Error(`what was stored of host ${host} is not, byte for byte and in order, what was written`);
    }
  }
  const storedMs = (run.endedAt ?? Number.NaN) - (run.startedAt ?? Number.NaN);
  return { storedMs, engineCpuMs, peakMb: memoryMb(engine.pid).peak };
}

async function digestOf({ socketPath }: BenchEngine, run: string, host: number): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of await socketDownload(socketPath, 'run.download', { run, host, format: 'raw' })) {
    hash.update(bytes);
  }
  return hash.digest('hex');
}
