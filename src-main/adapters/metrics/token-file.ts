import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DroverError } from '#contract/errors';
import type { StoredToken, TokenStore } from '#core/ports-operating';

const TokenFile = z.strictObject({
  version: z.literal(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.int(),
});

const fileName = 'metrics-token.json';

/** Keeps the token's digest in the data folder; what others put there that is no such file counts as none. */
export function tokenFile(dataDir: string): TokenStore {
  const file = join(dataDir, fileName);
  let known: StoredToken | null | undefined;
  return {
    read: () => (known ??= readToken(file)),
    write(token) {
      const part = `${file}.part`;
      try {
        if (token === null) {
          rmSync(file, { force: true });
        } else {
          writeFileSync(part, `${JSON.stringify({ version: 1, ...token })}\n`, { mode: 0o600, flush: true });
          renameSync(part, file);
        }
        known = token;
      } catch (error) {
        throw notWritten(error, file);
      } finally {
        rmSync(part, { force: true });
      }
    },
  };
}

function readToken(file: string): StoredToken | null {
  try {
    const { sha256, createdAt } = TokenFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    return { sha256, createdAt };
  } catch {
    return null;
  }
}

function notWritten(cause: unknown, file: string): DroverError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new DroverError('no-space', `The disk under ${file} is full: make room, then try again`, { cause })
    : new DroverError('archive-read-only', `${file} cannot be written (${code}): make its folder writable`, { cause });
}
