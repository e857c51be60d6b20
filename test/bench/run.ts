// `npm run bench [-- NAME …] [--rounds=N]`: measures the built product; exits 1 when a bar is missed or a bench fails.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { archive } from './archive.ts';
import { root } from './bench-engine.ts';
import { bigRun } from './big-run.ts';
import { cli } from './cli.ts';
import { type Figure, isMissed } from './figure.ts';
import { firstLine } from './first-line.ts';
import { flood } from './flood.ts';
import { guard } from './guard.ts';
import { serveStart } from './serve-start.ts';
import { sshFanOut } from './ssh-fan-out.ts';
import { sshFlood } from './ssh-flood.ts';
import { sshLineDrawn } from './ssh-line-drawn.ts';
import { sshOneHost } from './ssh-one-host.ts';
import { sshPeers } from './ssh-peers.ts';
import { sshStartToStored } from './ssh-start-to-stored.ts';
import { sshThousand } from './ssh-thousand.ts';
import { startToStored } from './start-to-stored.ts';
import { load, surroundings } from './surroundings.ts';
import { tableOf } from './table.ts';

/** Each measures so many rounds; throws when what it measured was wrong. */
const benches: Readonly<Record<string, (rounds: number) => Promise<Figure[]>>> = {
  'first-line': firstLine,
  'start-to-stored': startToStored,
  'serve-start': serveStart,
  flood,
  cli,
  guard,
  'ssh-peers': sshPeers,
  'ssh-fan-out': sshFanOut,
  'ssh-start-to-stored': sshStartToStored,
  'ssh-thousand': sshThousand,
  'ssh-one-host': sshOneHost,
  'ssh-line-drawn': sshLineDrawn,
  'ssh-flood': sshFlood,
  'big-run': bigRun,
  archive,
};
const usualRounds = 5;

type Result = {
  readonly bench: string;
  readonly load: number;
  readonly figures: readonly Figure[];
  readonly error?: string;
};

const say = (text: string): void => void process.stdout.write(text);

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: String(usualRounds) } },
});
const rounds = Number(values.rounds);
const unknown = positionals.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0 || !Number.isSafeInteger(rounds) || rounds < 1) {
  say(`npm run bench [-- NAME … --rounds=N]; the names are: ${Object.keys(benches).join(', ')}\n`);
  process.exit(2);
}

build();
const results: Result[] = [];
for (const [bench, measure] of Object.entries(benches)) {
  if (positionals.length === 0 || positionals.includes(bench)) {
    results.push(await resultOf(bench, measure));
  }
}
if (positionals.length === 0 && rounds === usualRounds) {
  keep();
}
const isWrong = ({ error, figures }: Result): boolean => error !== undefined || figures.some(isMissed);
process.exitCode = results.some(isWrong) ? 1 : 0;

/** A build that is older than the sources would be measured without anybody noticing. */
function build(): void {
  const builder = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [builder, 'build'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) {
    say(`${stdout}${stderr}\nThe build failed, so nothing was measured.\n`);
    process.exit(1);
  }
}

async function resultOf(bench: string, measure: (rounds: number) => Promise<Figure[]>): Promise<Result> {
  const before = load();
  try {
    const figures = await measure(rounds);
    say(`\n${bench} (load ${before})\n${tableOf(figures)}`);
    return { bench, load: before, figures };
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    say(`\n${bench} FAILED\n${text}\n`);
    return { bench, load: before, figures: [], error: text };
  }
}

/** Only a whole measurement is kept: parts of two would look like one. */
function keep(): void {
  const around = surroundings();
  const at = new Date().toISOString();
  const folder = join(import.meta.dirname, 'results');
  const file = join(folder, `${at.slice(0, 10)}-${around.commit}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ at, ...around, rounds, results }, null, 1)}\n`);
  say(`\nWritten to ${relative(root, file)}\n`);
}
