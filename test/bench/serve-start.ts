import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { startServe, stopServe } from '../e2e/console.ts';
import { root, ScratchFolder } from './bench-engine.ts';
import { type Figure, figureOf } from './figure.ts';
import { cpuMs, memoryMb } from './process-facts.ts';

const startBarMs = 1_500;
const idleBarMb = 160;
const idleAfterMs = 5_000;

const bareServer = `
  const server = require('fastify')();
  server.get('/', async () => ({ hello: 'world' }));
  server.listen({ host: '127.0.0.1', port: 0 }).then((url) => console.log(url));`;

type Started = { readonly startMs: number; readonly startCpuMs: number; readonly idleMb: number };

/** From the spawn of `drover serve` to its first answer over HTTP, and its memory when nothing happens. */
export async function serveStart(rounds: number): Promise<Figure[]> {
  const [own, peers]: [Started[], Started[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    using folder = new ScratchFolder();
    own.push(
      await measure(async () => {
        const { child, link } = await startServe(folder.path);
        return { child, url: new URL('/', link) };
      }),
    );
    peers.push(await measure(startBareServer));
  }
  const peerOf = (pick: (started: Started) => number) => ({ name: 'bare fastify', values: peers.map(pick) });
  const cpu = own.reduce((sum, { startCpuMs }) => sum + startCpuMs, 0) / rounds;
  return [
    figureOf({
      name: 'serve: spawn → first answer',
      unit: 'ms',
      values: own.map(({ startMs }) => startMs),
      bar: startBarMs,
      cpuMs: cpu,
      peer: peerOf(({ startMs }) => startMs),
    }),
    figureOf({
      name: `serve: memory after ${idleAfterMs / 1_000} s idle`,
      unit: 'MB',
      values: own.map(({ idleMb }) => idleMb),
      bar: idleBarMb,
      peer: peerOf(({ idleMb }) => idleMb),
    }),
  ];
}

async function measure(start: () => Promise<{ child: ChildProcess; url: URL }>): Promise<Started> {
  const began = performance.now();
  const { child, url } = await start();
  try {
    const answer = await fetch(url);
    await answer.arrayBuffer();
    const startMs = performance.now() - began;
    const pid = child.pid ?? 0;
    const startCpuMs = cpuMs(pid);
    await pause(idleAfterMs);
    return { startMs, startCpuMs, idleMb: memoryMb(pid).now };
  } finally {
    await stopServe(child);
  }
}

async function startBareServer(): Promise<{ child: ChildProcess; url: URL }> {
  const child = spawn(process.execPath, ['-e', bareServer], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return { child, url: new URL(said.trim()) };
}
