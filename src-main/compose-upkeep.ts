import { systemClock } from '#adapters/clock/system-clock';
import type { SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import type { CopyKeeper } from '#core/copies/copy-keeper';
import type { Actor, Log } from '#core/ports';
import { RetentionService } from '#core/retention/retention-service';
import type { OutputHub } from '#core/run/output-hub';
import type { SettingsService } from '#core/settings/settings-service';
import { createCopies } from './compose-copies.ts';

type UpkeepNeeds = {
  readonly dataDir: string;
  readonly version: string;
  readonly archive: SqliteArchive;
  readonly log: Log;
  readonly engine: Actor;
  readonly settings: SettingsService;
  readonly hub: OutputHub;
};

/** What is done for the archive by the hour and the day. */
export type Upkeep = {
  readonly retention: RetentionService;
  readonly copies: CopyKeeper;
  open(): void;
  /** Resolves when nothing of it touches the archive any more. */
  close(): Promise<void>;
};

export function composeUpkeep(needs: UpkeepNeeds): Upkeep {
  const { archive, log, engine, settings, hub } = needs;
  const retention = new RetentionService({
    store: archive,
    clock: systemClock,
    log,
    engine,
    nodeId: archive.nodeId,
    rules: () => ({
      days: settings.values['retention.outputDays'],
      runs: settings.values['retention.outputRuns'],
      bytes: settings.values['retention.outputBytes'],
    }),
    told: (runId) => hub.stateChanged(runId),
  });
  const copies = createCopies(needs);
  const names = learning(needs);
  return {
    retention,
    copies,
    open() {
      retention.open();
      copies.open();
      names.open();
    },
    async close() {
      names.close();
      await Promise.all([retention.close(), copies.close()]);
    },
  };
}

/** From the start to the first step, and between two. */
const learnAfterMs = 2_000;
const learnPaceMs = 20;

/** Reads the names of all targets there ever were while nobody waits for them. */
function learning({ archive, log }: UpkeepNeeds): { open(): void; close(): void } {
  let stop = (): void => undefined;
  const after = (ms: number): void => {
    stop = systemClock.after(ms, () => {
      try {
        if (archive.learnNames()) {
          after(learnPaceMs);
        }
      } catch (error) {
        log.warn('the names of targets could not be read', { error });
      }
    });
  };
  return { open: () => after(learnAfterMs), close: () => stop() };
}
