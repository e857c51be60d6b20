import type { Actor, AuditEntry, Clock, Log } from '#core/ports';
import type { Refusal } from './ipc-server.ts';

type Needs = {
  /** Who sits at the window; a page that is not ours is told apart in the row's detail. */
  readonly actor: Actor;
  readonly recordAudit: (entry: AuditEntry) => void;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Log;
};

export type RefusalAudit = {
  readonly onRefused: (refusal: Refusal) => void;
  /** Writes what was only counted so far; to be called before the archive is closed. */
  close(): void;
};

const mostAMinute = 10;
const minuteMs = 60_000;

/**
 * Writes an audit row `ipc.refuse` for each refused message, for ten a minute; of more there is one row with their count
 * when the minute is over, so that a hostile page cannot fill the archive.
 */
export function auditRefusals({ actor, recordAudit, clock, log }: Needs): RefusalAudit {
  let written = 0;
  let more = 0;
  let cancel: (() => void) | undefined;

  const write = (objectId: string, detail: Record<string, unknown>): void => {
    try {
      recordAudit({ actor, action: 'ipc.refuse', objectType: 'channel', objectId, detail });
    } catch (error) {
      log.error('a refused message could not be audited', { channel: objectId, error });
    }
  };
  const settle = (): void => {
    const count = more;
    [written, more, cancel] = [0, 0, undefined];
    if (count > 0) {
      write('drover:*', { count, why: 'more refused messages in the same minute' });
    }
  };

  return {
    onRefused({ channel, ...detail }) {
      cancel ??= clock.after(minuteMs, settle);
      if (written < mostAMinute) {
        written += 1;
        write(channel, detail);
      } else {
        more += 1;
      }
    },
    close() {
      cancel?.();
      settle();
    },
  };
}
