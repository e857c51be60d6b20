import { closeSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { destination } from 'pino';

type Destination = ReturnType<typeof destination>;

export type Rotation = {
  /** Bytes after which the file is put aside; 0 leaves that to somebody else. */
  readonly maxBytes: number;
  /** Files that are kept beside it: `drover.log.1` is the newest. */
  readonly keep: number;
};

type LogStream = {
  readonly stream: Destination;
  /** Goes on in a new file of the same name, for whoever has moved the old one away. Never throws. */
  readonly reopen: () => void;
};

/** What waits for a full disk to have room again, in bytes; later lines are dropped. */
const mostWaiting = 1_000_000;

/** Standard error, for who has no file. */
export const standardError = (): LogStream => ({
  stream: quiet(destination({ dest: 2, sync: true, maxLength: mostWaiting })),
  reopen: () => undefined,
});

/** A file to append lines to, which is put aside when it has grown. Throws the system's error when it cannot be opened. */
export function rotatingFile(file: string, { maxBytes, keep }: Rotation): LogStream {
  const stream = quiet(destination({ dest: file, sync: true, mode: 0o600, maxLength: mostWaiting }));
  // Tried before: a reopening that fails would leave the stream with a listener for the next one.
  const reopen = (): void => void (canOpen(file) && stream.reopen());
  if (maxBytes > 0) {
    let size = sizeOf(file);
    stream.on('write', (bytes: number) => {
      size += bytes;
      if (size >= maxBytes) {
        // Whoever rotates as well may have done so already; what cannot be put aside now is tried again later.
        const isAside = sizeOf(file) < maxBytes || putAside(file, keep);
        reopen();
        size = isAside ? sizeOf(file) : maxBytes / 2;
      }
    });
  }
  return { stream, reopen };
}

/** A log that cannot be written must not end the engine; the next line tries again. */
function quiet(stream: Destination): Destination {
  stream.on('error', () => undefined);
  return stream;
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

function canOpen(file: string): boolean {
  try {
    closeSync(openSync(file, 'a', 0o600));
    return true;
  } catch {
    return false;
  }
}

/** `drover.log.4` becomes `drover.log.5`, and so on up to the file itself; what is older goes. */
function putAside(file: string, keep: number): boolean {
  try {
    const names = [file, ...Array.from({ length: keep }, (_, at) => `${file}.${at + 1}`)];
    rmSync(names.at(-1) ?? file, { force: true });
    for (let at = names.length - 2; at >= 0; at -= 1) {
      moveIfThere(names[at] ?? file, names[at + 1] ?? file);
    }
    return true;
  } catch {
    return false;
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw error;
    }
  }
}
