import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { chromiumPath } from '../e2e/console.ts';
import { root } from './bench-engine.ts';

/** What the figures were measured on and with. */
export type Surroundings = {
  readonly commit: string;
  /** The working tree differed from the commit. */
  readonly changed: boolean;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryMb: number;
    readonly system: string;
  };
  readonly versions: Readonly<Record<'drover' | 'node' | 'sqlite' | 'chromium', string>>;
};

export function surroundings(): Surroundings {
  const git = (...words: string[]): string => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const sqlite = new Database(':memory:');
  try {
    return {
      commit: git('rev-parse', '--short', 'HEAD'),
      changed: git('status', '--porcelain') !== '',
      machine: {
        cpu: cpus()[0]?.model ?? 'unknown',
        cores: cpus().length,
        memoryMb: Math.round(totalmem() / 1_048_576),
        system: `${type()} ${release()}`,
      },
      versions: {
        drover: version,
        node: process.versions.node,
        sqlite: String(sqlite.prepare('SELECT sqlite_version()').pluck().get()),
        chromium: chromiumPath
          ? execFileSync(chromiumPath, ['--version'], { encoding: 'utf8' }).trim()
          : 'of Playwright',
      },
    };
  } finally {
    sqlite.close();
  }
}

/** Programs that wanted to run over the last minute, on average. */
export const load = (): number => Math.round((loadavg()[0] ?? 0) * 10) / 10;
