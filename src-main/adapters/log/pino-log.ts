import { pino, stdSerializers } from 'pino';
import type { Log } from '#core/ports';
import { rotatingFile, type Rotation, standardError } from './rotating-file.ts';

type LogOptions = {
  readonly level: string;
  /** A file to append to; standard error when absent. */
  readonly file?: { readonly path: string; readonly rotation: Rotation };
};

export type FileLog = Log & {
  flush(): void;
  /** Goes on in a new file of the same name, for whoever has moved the old one away. */
  reopen(): void;
};

/** Names of fields whose values must not stand in a log, however they came there. */
const secretNames = [
  'password',
  'becomePassword',
  'passphrase',
  'privateKey',
  'secret',
  'token',
  'authorization',
  'cookie',
  'parameters',
  'environment',
  'stdin',
  'args',
  'text',
  'finalText',
  'sealed',
];

const redact = {
  paths: ['', '*.', '*.*.', '*.*.*.'].flatMap((before) => secretNames.map((name) => `${before}${name}`)),
  censor: '[left out]',
};

/** One JSON object a line: time, level, a fixed message and fields. Throws the system's error when it cannot be opened. */
export function createLog({ level, file }: LogOptions): FileLog {
  const { stream, reopen } = file ? rotatingFile(file.path, file.rotation) : standardError();
  const logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: stdSerializers.err }, redact },
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
        // A log that cannot be written must not end the engine.
      }
    },
    reopen,
  };
}
