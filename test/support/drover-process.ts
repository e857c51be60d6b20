import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { isLiving, procTable } from '#adapters/local/process-table';
import { DroverClient } from '#contract/client';
import { controlSocketPath } from '../../src-main/cli/control-path.ts';
import { socketWire } from '../../src-main/cli/socket-wire.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The bundle when it is newer than the source it was made of, else the source itself. */
function entryOf(folder: string): string {
  const source = join(folder, 'src-main');
  const bundle = join(folder, 'out/main/cli.js');
  const names = readdirSync(source, { recursive: true, encoding: 'utf8' });
  const changedAt = Math.max(...names.map((name) => statSync(join(source, name)).mtimeMs));
  return existsSync(bundle) && statSync(bundle).mtimeMs > changedAt ? bundle : join(source, 'entry/cli.ts');
}

const entry = entryOf(root);

/** How a process ended and what it had written. */
export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  /** From its start to its end, in milliseconds. */
  readonly ms: number;
};

export type StartOptions = {
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from standard input; nothing when absent. */
  readonly input?: string;
  /** Takes standard output instead of keeping it as text. */
  readonly onOut?: (bytes: Buffer) => void;
  /** Modules that are loaded before the program. */
  readonly preload?: readonly string[];
  /** A shell that starts it, as for somebody at a terminal. */
  readonly shell?: string;
};

/** One process of the program, started by a site. */
export class DroverProcess {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #out = '';
  #err = '';

  constructor(child: ChildProcess, { input, onOut }: Pick<StartOptions, 'input' | 'onOut'>) {
    const began = performance.now();
    this.#child = child;
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
    if (onOut) {
      child.stdout?.on('data', onOut);
    } else {
      child.stdout?.setEncoding('utf8').on('data', (text: string) => void (this.#out += text));
    }
    child.stderr?.setEncoding('utf8').on('data', (text: string) => void (this.#err += text));
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) =>
        resolve({ code, signal, out: this.#out, err: this.#err, ms: Math.round(performance.now() - began) }),
      );
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get out(): string {
    return this.#out;
  }

  get err(): string {
    return this.#err;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The most resident memory it has had, by the system's own count, in MB; of a living process. */
  get peakMb(): number {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1]) / 1_024;
  }

  send(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ctrl-C as a terminal sends it: to the process and to the shell that waits for it. */
  interrupt(): void {
    process.kill(-this.pid, 'SIGINT');
  }

  async kill(): Promise<Ended> {
    this.send('SIGKILL');
    return this.ended;
  }

  /** Resolves when `text` stands in what was written; rejects when the process ends without it or `ms` are over. */
  untilWritten(text: string, ms = 20_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const isThere = (): boolean => `${this.#out}\n${this.#err}`.includes(text);
      const fail = (): void => reject(new Error(`'${text}' was not written, but: ${this.#out}\n${this.#err}`));
      const timer = setTimeout(fail, ms);
      const look = (): void => {
        if (isThere()) {
          clearTimeout(timer);
          resolve();
        }
      };
      this.#child.stdout?.on('data', look);
      this.#child.stderr?.on('data', look);
      void this.ended.then(() => (isThere() ? look() : fail()));
      look();
    });
  }
}

/**
 * A data folder of its own, with the processes that work on it. Scripts that they run are known by an entry in their
 * environment and do not outlive the site.
 */
export class DroverSite {
  readonly folder: string;
  readonly data: string;
  readonly #started = new Set<DroverProcess>();

  /** `data` is made by the program, unless the test brings a place of its own. */
  constructor(data?: string) {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'drover-site-')));
    this.data = data ?? join(this.folder, 'data');
    mkdirSync(this.tmp);
  }

  /** For the private directories of runs, so that those of killed engines go with the site. */
  get tmp(): string {
    return join(this.folder, 'tmp');
  }

  get archive(): string {
    return join(this.data, 'archive.db');
  }

  /** Calls and feeds to whatever engine listens in the data folder at that moment. */
  get client(): DroverClient {
    return new DroverClient(socketWire(controlSocketPath(this.data)));
  }

  get log(): string {
    return readFileSync(join(this.data, 'drover.log'), 'utf8');
  }

  /** Writes drover.json. */
  configure(settings: unknown): void {
    mkdirSync(this.data, { recursive: true, mode: 0o700 });
    writeFileSync(join(this.data, 'drover.json'), typeof settings === 'string' ? settings : JSON.stringify(settings));
  }

  /** Starts `drover` with these words and without a terminal. */
  start(words: readonly string[], options: StartOptions = {}): DroverProcess {
    const { env, preload = [], shell } = options;
    const program = [...preload.flatMap((file) => ['--import', file]), entry, ...words];
    const [file, argv] = shell
      ? [shell, ['-c', [process.execPath, ...program].map((word) => `'${word}'`).join(' ')]]
      : [process.execPath, program];
    const child = spawn(file, argv, {
      cwd: this.folder,
      env: this.#environment(env),
      stdio: 'pipe',
      // A group of its own, as a shell at a terminal gives it.
      detached: true,
    });
    const started = new DroverProcess(child, options);
    this.#started.add(started);
    return started;
  }

  /** Runs `drover` to its end. */
  run(words: readonly string[], options: StartOptions = {}): Promise<Ended> {
    return this.start(words, options).ended;
  }

  /** `drover exec` on this machine. */
  exec(words: readonly string[], options: StartOptions = {}): Promise<Ended> {
    return this.run(['exec', '-t', 'local', ...words], options);
  }

  /** Starts an engine with its console and waits until it can be talked to. */
  async serve(options: StartOptions = {}): Promise<DroverProcess> {
    const engine = this.start(['serve', '--listen', '127.0.0.1:0'], options);
    await engine.untilWritten('/#/enter/');
    return engine;
  }

  /** Living processes of a run, or of the site, by what their environment began with. */
  processes(runId?: string): number[] {
    const mark = runId === undefined ? `TEST_SITE=${this.folder}` : `DROVER_RUN=${runId}.0`;
    return procTable.all(mark, 0).flatMap((row) => (row.marked && isLiving(row) ? [row.pid] : []));
  }

  /** Ends everything and removes the folder. */
  async close(): Promise<void> {
    await Promise.all([...this.#started].map((process) => process.kill()));
    for (let left = this.processes(); left.length > 0; left = this.processes()) {
      for (const pid of left) {
        endProcess(pid);
      }
      await pause(5);
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  #environment(added: StartOptions['env']): NodeJS.ProcessEnv {
    const { PATH, HOME, LANG } = process.env;
    return {
      PATH,
      HOME,
      LANG,
      TMPDIR: this.tmp,
      DROVER_DATA: this.data,
      // Not DROVER_…, which is kept from scripts.
      TEST_SITE: this.folder,
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/drover-process'),
      ...added,
    };
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** A site that is closed when the test is over, however that ends; a concurrent test brings its own `finished`. */
export function testSite(data?: string, finished: typeof onTestFinished = onTestFinished): DroverSite {
  const site = new DroverSite(data);
  finished(() => site.close());
  return site;
}
