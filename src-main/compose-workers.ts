import { Worker } from 'node:worker_threads';

const here = import.meta.url;

/** Starts `entry/NAME.ts` in a thread of its own: the source where the program runs from it, else its bundle. */
export function startThread(name: 'copy-worker', workerData: unknown): Worker {
  const bundled = `${here.slice(0, here.lastIndexOf('/out/main/'))}/out/main/${name}.js`;
  return new Worker(new URL(here.endsWith('.ts') ? `./entry/${name}.ts` : bundled, here), { workerData });
}
