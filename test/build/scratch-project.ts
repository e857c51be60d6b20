import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

type Ended = { code: number | null; output: string; lines: string[] };

/** A folder that holds the real scripts of build/ and bin/ and, in place of the tools they call, programs of the test. */
export class ScratchProject implements Disposable {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'drover-scripts-')));

  constructor(...scripts: string[]) {
    for (const script of ['bin/require-node.mjs', ...scripts]) {
      mkdirSync(dirname(join(this.folder, script)), { recursive: true });
      cpSync(resolve(import.meta.dirname, '../..', script), join(this.folder, script));
    }
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** An executable of this Node; `body` is CommonJS, as its file has no extension. */
  writeProgram(path: string, body: string): void {
    this.write(path, `#!${process.execPath}\n${body}\n`);
    chmodSync(join(this.folder, path), 0o755);
  }

  start(words: string[], env: Record<string, string> = {}): ChildProcess {
    const inherited = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !['ELECTRON', 'DROVER_TEST_SKIPS', 'NO_COLOR'].includes(name)),
    );
    return spawn(process.execPath, words, {
      cwd: this.folder,
      env: { ...inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async run(words: string[], env: Record<string, string> = {}): Promise<Ended> {
    return endOf(this.start(words, env));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** What a process wrote until it ended, stdout and stderr in one. */
export async function endOf(child: ChildProcess): Promise<Ended> {
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const code = await new Promise<number | null>((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  return { code, output, lines: output.trimEnd().split('\n') };
}

/** Node's words to believe that it is an old Node. */
export const asOldNode = [
  '--import',
  `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.20.2'}})`,
];
