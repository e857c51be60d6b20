import { lstat, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LaunchPlan, Log } from '#core/ports';
import { isDead, ownerOf, prefixOf, type Owner } from './directory-owner.ts';

type Needs = { readonly places: readonly string[]; readonly self: Owner; readonly log: Log };

async function remove(path: string, log: Log): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    log.warn('The private directory of a run could not be removed', { path, error });
  }
}

/** A directory that only this account can enter, or the reasons why there is none. Whoever makes it removes it. */
export class PrivateDirectory {
  readonly path: string | null;
  /** Each place that was tried in vain, with the reason. */
  readonly refusals: readonly string[];
  readonly #log: Log;

  private constructor(path: string | null, refusals: readonly string[], log: Log) {
    this.path = path;
    this.refusals = refusals;
    this.#log = log;
  }

  /** Writes the files in the first place that takes all of them. */
  static async make(files: LaunchPlan['files'], { places, self, log }: Needs): Promise<PrivateDirectory> {
    const refusals: string[] = [];
    for (const place of places) {
      let path: string | undefined;
      try {
        path = await mkdtemp(join(place, prefixOf(self)));
        for (const { name, content } of files) {
          await writeFile(join(path, name), content, { mode: 0o600, flag: 'wx' });
        }
        return new PrivateDirectory(path, refusals, log);
      } catch (error) {
        refusals.push(`${place} (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
        if (path !== undefined) {
          await remove(path, log);
        }
      }
    }
    return new PrivateDirectory(null, refusals, log);
  }

  async remove(): Promise<void> {
    if (this.path !== null) {
      await remove(this.path, this.#log);
    }
  }
}

async function isOurs(path: string): Promise<boolean> {
  try {
    const found = await lstat(path);
    return found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
  } catch {
    return false;
  }
}

/** Removes what Drover processes that died in the middle of a run left behind; never what a living one needs. */
export async function sweepDirectories({ places, self, log }: Needs): Promise<void> {
  for (const place of places) {
    for (const name of await readdir(place).catch(() => [])) {
      const owner = ownerOf(name);
      const path = join(place, name);
      if (owner && isDead(owner, self) && (await isOurs(path))) {
        await remove(path, log);
      }
    }
  }
}
