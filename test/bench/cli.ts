import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { BenchEngine, root, ScratchFolder } from './bench-engine.ts';
import { type Figure, figureOf } from './figure.ts';
import { childrenCpuMs } from './process-facts.ts';

type Took = { readonly ms: number; readonly cpuMs: number };

/** `drover exec -t local -- true` as a whole process: on a new data folder, on one that was used before, through a running engine. */
export async function cli(rounds: number): Promise<Figure[]> {
  using used = new ScratchFolder();
  await using engine = await BenchEngine.start();
  await execTrue(used.path);
  await execTrue(engine.data);
  const took = {
    onNew: new Array<Took>(),
    onUsed: new Array<Took>(),
    through: new Array<Took>(),
    shell: new Array<Took>(),
    node: new Array<Took>(),
  };
  for (let round = 0; round < rounds; round += 1) {
    using fresh = new ScratchFolder();
    took.onNew.push(await execTrue(fresh.path));
    took.onUsed.push(await execTrue(used.path));
    took.through.push(await execTrue(engine.data));
    took.shell.push(await time('sh', ['-c', 'true']));
    took.node.push(await time(process.execPath, ['-e', '0']));
  }
  const shell = { name: 'sh -c true', values: took.shell.map(({ ms }) => ms) };
  const figure = (name: string, measured: readonly Took[]): Figure =>
    figureOf({
      name,
      unit: 'ms',
      values: measured.map(({ ms }) => ms),
      cpuMs: measured.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / rounds,
      peer: shell,
    });
  return [
    figure('exec true: own engine, new data folder', took.onNew),
    figure('exec true: own engine', took.onUsed),
    figure('exec true: through a running engine', took.through),
    figure('node -e 0', took.node),
  ];
}

const execTrue = (data: string): Promise<Took> =>
  time(process.execPath, [join(root, 'bin/drover.mjs'), 'exec', '--data', data, '-t', 'local', '--', 'true']);

/** A whole process, from its spawn to its end. */
async function time(file: string, argv: readonly string[]): Promise<Took> {
  const [began, cpuBefore] = [performance.now(), childrenCpuMs()];
  const [code] = (await once(spawn(file, argv, { stdio: ['ignore', 'ignore', 'inherit'] }), 'close')) as [
    number | null,
  ];
  const ms = performance.now() - began;
  if (code !== 0) {
    throw new Error(`${[file, ...argv].join(' ')} ended with ${code}`);
  }
  return { ms, cpuMs: childrenCpuMs() - cpuBefore };
}
