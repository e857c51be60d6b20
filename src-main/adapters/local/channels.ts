import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';

/** What a descriptor of the child is for, seen from the child. */
export type Flow = 'reads' | 'writes' | 'nothing';

/** Both ends of a pipe; the near one is ours. */
type Pipe = { readonly near: number; readonly far: number };

const firstDescriptor = 3;
const controlDescriptor = 9;

/** A program for sh that holds the reading ends of `count` new pipes at 3, 4, … and says under which process id. */
function holdingPipes(count: number): string {
  const hold = `read -r pid rest </proc/self/stat; echo "$pid"; read -r end <&${controlDescriptor}`;
  const nested = Array.from({ length: count }, (_, index) => firstDescriptor + index).reduceRight(
    (inner, descriptor) => `: | { exec ${descriptor}<&0; ${inner}; }`,
    hold,
  );
  return `exec ${controlDescriptor}<&0; ${nested}`;
}

function openPipe(path: string, flow: Flow): Pipe {
  const [nearMode, farMode] =
    flow === 'reads' ? [constants.O_WRONLY, constants.O_RDONLY] : [constants.O_RDONLY, constants.O_WRONLY];
  const near = openSync(path, nearMode | constants.O_NONBLOCK);
  try {
    return { near, far: openSync(path, farMode) };
  } catch (error) {
    closeSync(near);
    throw error;
  }
}

const closePipes = (pipes: readonly Pipe[]): void => pipes.forEach(({ near, far }) => [near, far].forEach(closeSync));

/**
 * Makes real pipes on Linux by borrowing those of a shell's pipeline. Node gives a child sockets, which cannot be
 * opened by name: `echo x >/dev/stderr` and `interpreter /dev/fd/3` fail on them with ENXIO.
 */
async function makePipes(flows: readonly Flow[]): Promise<Pipe[]> {
  const holder = spawn('/bin/sh', ['-c', holdingPipes(flows.length)], {
    cwd: '/',
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const { stdin, stdout } = holder;
  const pipes: Pipe[] = [];
  stdin.on('error', () => undefined);
  try {
    const broken = once(holder, 'error').then(([error]) => Promise.reject(error as Error));
    const [answer] = (await Promise.race([once(stdout, 'data'), once(stdout, 'end'), broken])) as [Buffer?];
    for (const [index, flow] of flows.entries()) {
      pipes.push(openPipe(`/proc/${Number(answer?.toString())}/fd/${firstDescriptor + index}`, flow));
    }
    return pipes;
  } catch (error) {
    closePipes(pipes);
    throw error;
  } finally {
    stdin.end();
    stdout.destroy();
  }
}

/** The child's descriptors from 0 on, to be given to `spawn` and then connected. Whoever opens them closes them. */
export class Channels {
  readonly #flows: readonly Flow[];
  /** By descriptor; empty when Node makes the channels itself. */
  #pipes = new Map<number, Pipe>();
  /** Why they are not real pipes, on a system where they should be. */
  readonly lack: unknown;

  private constructor(flows: readonly Flow[], pipes: Map<number, Pipe>, lack?: unknown) {
    this.#flows = flows;
    this.#pipes = pipes;
    this.lack = lack;
  }

  static async open(flows: readonly Flow[]): Promise<Channels> {
    const used = [...flows.entries()].filter(([, flow]) => flow !== 'nothing');
    if (process.platform !== 'linux') {
      return new Channels(flows, new Map());
    }
    try {
      const pipes = await makePipes(used.map(([, flow]) => flow));
      return new Channels(flows, new Map(pipes.map((pipe, index) => [used[index]?.[0] ?? index, pipe])));
    } catch (error) {
      return new Channels(flows, new Map(), error);
    }
  }

  get stdio(): StdioOptions {
    return this.#flows.map((flow, index) => (flow === 'nothing' ? 'ignore' : (this.#pipes.get(index)?.far ?? 'pipe')));
  }

  /** Our ends, once the child has its own: whoever takes them must end them. */
  connect(child: ChildProcess): { input: Writable | null; out: Readable; err: Readable; extra: Writable | null } {
    const pipes = this.#pipes;
    this.#pipes = new Map();
    pipes.forEach(({ far }) => closeSync(far));
    const ends = this.#flows.map((flow, index) => {
      const pipe = pipes.get(index);
      return pipe
        ? new Socket({ fd: pipe.near, readable: flow === 'writes', writable: flow === 'reads' })
        : (child.stdio[index] ?? null);
    });
    const [input, out, err, extra] = ends;
    return {
      input: input as Writable | null,
      out: out as Readable,
      err: err as Readable,
      extra: (extra ?? null) as Writable | null,
    };
  }

  /** Closes what was not connected. */
  close(): void {
    closePipes([...this.#pipes.values()]);
    this.#pipes = new Map();
  }
}
