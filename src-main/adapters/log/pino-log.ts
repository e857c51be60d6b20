import { destination, pino, stdSerializers } from 'pino';
import type { Log } from '#core/ports';

type LogOptions = {
  readonly level: string;
  /** A file to append to; standard error when absent. */ readonly file?: string;
};

/** What waits for a full disk to have room again, in bytes; later lines are dropped. */
const mostWaiting = 1_000_000;

/** One JSON object a line: time, level, a fixed message and fields. Throws the system's error when it cannot be opened. */
export function createLog({ level, file }: LogOptions): Log & { flush(): void } {
  const stream = destination({ dest: file ?? 2, mkdir: true, sync: true, mode: 0o600, maxLength: mostWaiting });
  // A log that cannot be written must not end the engine; the next line tries again.
  stream.on('error', () => undefined);
  const logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: stdSerializers.err } },
    stream,
  );
  return {
    debug: (message, fields) => logger.debug(fields ?? {}, message),
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
    flush() {
      try {
        stream.flushSync();
      } catch {
        // As above.
      }
    },
  };
}
