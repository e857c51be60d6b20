import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DroverClient } from '#contract/client';
import { controlSocketPath } from '../../src-main/cli/control-path.ts';
import { socketWire } from '../../src-main/cli/socket-wire.ts';
import { startServe, stopServe } from '../e2e/console.ts';

export const root = resolve(import.meta.dirname, '../..');

/** A folder that goes with the block that made it. */
export class ScratchFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'drover-bench-'));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The built `drover serve` on a data folder of its own, ended and removed with the block that started it. */
export class BenchEngine implements AsyncDisposable {
  readonly #folder: ScratchFolder;
  readonly #child: ChildProcess;
  /** Opens one session in a browser. */
  readonly link: string;

  private constructor(folder: ScratchFolder, { child, link }: { child: ChildProcess; link: string }) {
    this.#folder = folder;
    this.#child = child;
    this.link = link;
  }

  static async start(): Promise<BenchEngine> {
    const folder = new ScratchFolder();
    return new BenchEngine(folder, await startServe(folder.path));
  }

  get data(): string {
    return this.#folder.path;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get socketPath(): string {
    return controlSocketPath(this.data);
  }

  /** Calls and feeds over the control socket, as the command line makes them. */
  get client(): DroverClient {
    return new DroverClient(socketWire(this.socketPath));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stopServe(this.#child);
    this.#folder[Symbol.dispose]();
  }
}

/** Waits until a run has its final state, as a client sees it. */
export async function untilFinal(client: DroverClient, run: string): Promise<void> {
  let isFinal = false;
  await client.follow('run.output', { run, tail: 0 }, { onItem: (frame) => void (isFinal ||= frame.kind === 'final') });
  if (!isFinal) {
    throw new Error('the feed of a run ended without its final state');
  }
}

/** Waits until a run has ended, without reading its lines. */
export async function untilRunEnded(client: DroverClient, run: string): Promise<void> {
  const seen = new AbortController();
  await client.follow(
    'run.changes',
    { run },
    {
      onItem: (change) => change.kind === 'run' && change.run.endedAt !== null && seen.abort(),
      signal: seen.signal,
    },
  );
}
