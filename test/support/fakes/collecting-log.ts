import type { Log } from '#core/ports';

type Entry = {
  readonly level: keyof Log;
  readonly message: string;
  readonly fields: Record<string, unknown> | undefined;
};

/** Keeps what was logged. */
export class CollectingLog implements Log {
  readonly entries: Entry[] = [];

  debug = this.#at('debug');
  info = this.#at('info');
  warn = this.#at('warn');
  error = this.#at('error');

  /** The messages of one level, in order. */
  messages(level: keyof Log): string[] {
    return this.entries.filter((entry) => entry.level === level).map(({ message }) => message);
  }

  #at(level: keyof Log): Log[typeof level] {
    return (message, fields) => void this.entries.push({ level, message, fields });
  }
}
