import { writeSync } from 'node:fs';
import { createLocalExec } from '../../../src-main/adapters/local/local-exec.ts';

/** Runs argument 1 as a shell script in the environment of this process and prints its output and the result as JSON. */
const silent = (): void => undefined;
const exec = createLocalExec({ log: { debug: silent, info: silent, warn: silent, error: silent } });
const output = { out: '', err: '' };
const result = await exec.run(
  {
    runId: `once-${process.pid}`,
    target: { host: 0, targetId: null, name: 'local', address: 'local', os: 'linux', connection: 'local', reach: null },
    launch: {
      files: [{ name: 'script', content: process.argv[2] ?? '' }],
      entry: 'script',
      candidates: ['/bin/sh', '/bin/bash'].map((path) => ({ path, options: [] })),
    },
    environment: {},
    stdin: null,
  },
  (stream, bytes) => {
    output[stream] += Buffer.from(bytes).toString();
  },
  { term: new AbortController().signal, kill: new AbortController().signal },
);
writeSync(1, `${JSON.stringify({ ...output, result })}\n`);
