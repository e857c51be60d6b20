import { execFile } from 'node:child_process';

const program = 'ansible';
const longestMs = 15_000;

/** The first line of `ansible --version`; null when there is none, or it does not answer. Never rejects. */
export function readAnsibleVersion(): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, ['--version'], { timeout: longestMs }, (error, out) =>
      resolve(error ? null : (out.split('\n')[0]?.trim() ?? '') || null),
    );
  });
}
