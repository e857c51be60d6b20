import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { createSshAccount } from '#adapters/ssh/ssh-config';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';

export const me = userInfo();

/** Writes a file that only its owner may write to, with the folders above it. */
export function write(path: string, content: string, mode = 0o600): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

/** Home directories with ssh_config files, each with an account that reads them. */
export class ConfigHomes {
  readonly folder = mkdtempSync(join(tmpdir(), 'drover-config-'));
  #count = 0;

  /** `files` by their path below the home; the machine's own lie in `etc`. */
  with(files: Readonly<Record<string, string>>) {
    this.#count += 1;
    const home = join(this.folder, `home${this.#count}`);
    const systemFolder = join(home, 'etc');
    mkdirSync(join(home, '.ssh'), { recursive: true });
    for (const [path, content] of Object.entries(files)) {
      write(join(home, path), content);
    }
    const log = new CollectingLog();
    return { home, log, systemFolder, account: createSshAccount({ home, user: me.username, log, systemFolder }) };
  }

  of(config: string) {
    return this.with({ '.ssh/config': config });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
