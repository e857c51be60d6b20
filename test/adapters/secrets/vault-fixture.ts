import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openVault } from '#adapters/secrets/vault';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';

/** Cheap enough for tests. */
export const cheap = { N: 16, r: 8, p: 1 } as const;

export class DataFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'drover-vault-'));
  readonly secrets = join(this.path, 'secrets');
  readonly key = join(this.secrets, 'key');
  readonly openers = join(this.secrets, 'openers.json');
  readonly log = new CollectingLog();

  vault(more: Partial<Parameters<typeof openVault>[0]> = {}): ReturnType<typeof openVault> {
    return openVault({ dataDir: this.path, log: this.log, cost: cheap, ...more });
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A keyring that keeps what it seals; another one does not open it. */
export class FakeKeyring {
  readonly name: string;
  isAsked = 0;
  #isProtected: boolean;
  readonly #sealed = new Map<string, string>();

  constructor(name = 'gnome_libsecret', isProtected = true) {
    this.name = name;
    this.#isProtected = isProtected;
  }

  isProtected(): boolean {
    return this.#isProtected;
  }

  seal(text: string): Promise<string> {
    this.isAsked += 1;
    const sealed = `${this.name}-${this.#sealed.size}`;
    this.#sealed.set(sealed, text);
    return Promise.resolve(sealed);
  }

  unseal(sealed: string): Promise<string> {
    const text = this.#sealed.get(sealed);
    return text === undefined ? Promise.reject(new Error('not mine')) : Promise.resolve(text);
  }
}
