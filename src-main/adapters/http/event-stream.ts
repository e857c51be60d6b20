import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { Frame } from '#contract';
import type { WireError } from '#contract/errors';
import { formatFrame } from '#contract/sse';

export type EventStreamOptions = {
  /** Aborted when the reader has left or the server closes; the stream then ends without a closing event. */
  readonly gone: AbortSignal;
  readonly heartbeatMs: number;
  /** Asked every second, and at every heartbeat when these are closer; an error ends the stream. */
  readonly check: () => WireError | undefined;
};

/** How long a session that was ended may still read. */
const checkEveryMs = 1_000;

type Frames = { readonly first: Promise<IteratorResult<Frame>>; readonly rest: AsyncIterator<Frame> };

/** A feed as bytes of text/event-stream, or the error when it is refused at once. */
export async function openEventStream(
  feed: AsyncIterable<Frame>,
  options: EventStreamOptions,
): Promise<Readable | WireError> {
  const rest = feed[Symbol.asyncIterator]();
  const first = rest.next();
  // A refusal is there by the next turn; a feed without news may stay silent for hours.
  const early = await Promise.race([first, setImmediate(undefined)]);
  if (early && !early.done && 'end' in early.value && early.value.error) {
    return early.value.error;
  }
  const stream = new PassThrough();
  // At once, so that the reader sees the headers before the first item.
  stream.write('retry: 1000\n\n');
  const beat = setInterval(() => {
    if (stream.writable && !stream.writableNeedDrain) {
      stream.write(': heartbeat\n\n');
    }
  }, options.heartbeatMs);
  const watch = setInterval(
    () => {
      const error = options.check();
      if (error) {
        quiet();
        stream.end(formatFrame({ end: true, error }));
      }
    },
    Math.min(options.heartbeatMs, checkEveryMs),
  );
  const quiet = (): void => {
    clearInterval(beat);
    clearInterval(watch);
  };
  const finish = (): void => {
    quiet();
    stream.end();
  };
  options.gone.addEventListener('abort', finish, { once: true });
  stream.once('close', quiet);
  pump({ first, rest }, stream, options.gone).then(finish, (error: unknown) => {
    quiet();
    stream.destroy(error as Error);
  });
  return stream;
}

/** Writes frame by frame and waits for a slow reader. */
async function pump({ first, rest }: Frames, stream: PassThrough, gone: AbortSignal): Promise<void> {
  let next = first;
  for (;;) {
    const { done, value: frame } = await next;
    if (done || gone.aborted || !stream.writable) {
      // Not awaited: a handler that does not listen to its signal would keep the stream open.
      rest.return?.().catch(() => undefined);
      return;
    }
    if (!stream.write(formatFrame(frame))) {
      await once(stream, 'drain', { signal: gone }).catch(() => undefined);
    }
    next = rest.next();
  }
}
