import { afterEach, describe, expect, it } from 'vitest';
import type { ArchiveCopy } from '#contract/copies';
import type { AuditEntry } from '#core/ports';
import type { CopyMade, CopyMaker, CopyStore, KeptCopy } from '#core/ports-copies';
import { CopyKeeper } from '#core/copies/copy-keeper';
import { lastDue, nextDue } from '#core/copies/last-due';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { anna } from '../../support/fakes/engine-rig.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';

const hour = 3_600_000;
const engine = { ...anna, name: 'Drover' };
const zone = process.env['TZ'];

afterEach(() => {
  if (zone === undefined) {
    delete process.env['TZ'];
  } else {
    process.env['TZ'] = zone;
  }
});

type Row = ArchiveCopy & { readonly dueAt: number | null; readonly folder: string; createdAt: number };

/** Copies that are remembered, and files that take an hour to be made when the test says so. */
class Shelf implements CopyStore, CopyMaker {
  rows: Row[] = [];
  readonly files = new Set<string>();
  readonly audits: AuditEntry[] = [];
  readonly cleaned: string[] = [];
  failure: Error | undefined;
  hold: Promise<void> | undefined;
  making = 0;
  most = 0;

  listCopies = (limit: number): ArchiveCopy[] => this.rows.toReversed().slice(0, limit);
  keptCopies = (folder: string): KeptCopy[] =>
    this.rows.filter((row) => row.state === 'made' && row.folder === folder).toReversed();
  lastCopyDue = (): number =>
    Math.max(
      0,
      ...this.rows.filter(({ state }) => !['failed', 'running'].includes(state)).map(({ dueAt }) => dueAt ?? 0),
    );

  beginCopy: CopyStore['beginCopy'] = ({ at, file, folder, ...rest }) => {
    const no = this.rows.length + 1;
    const row = { no, beganAt: at, endedAt: null, state: 'running', bytes: null, message: '', createdAt: 0 } as const;
    this.rows.push({ ...row, ...rest, folder, file: `${folder}/${file}` });
    return no;
  };

  endCopy: CopyStore['endCopy'] = (no, { at, made, message }, audit) => {
    this.#change(no, { endedAt: at, state: made ? 'made' : 'failed', bytes: made?.bytes ?? null, message });
    this.audits.push(audit);
  };

  dropBrokenCopies: CopyStore['dropBrokenCopies'] = (endedAt, message) => {
    const broken = this.rows.filter(({ state }) => state === 'running');
    broken.forEach(({ no }) => this.#change(no, { state: 'failed', endedAt, message }));
    return broken.map(({ file }) => file);
  };

  markCopy: CopyStore['markCopy'] = (no, state) => this.#change(no, { state });

  place = (folder: string, at: number) => ({ folder, file: `${at}.zip` });

  async make({ file }: { readonly file: string }, signal: AbortSignal): Promise<CopyMade> {
    this.making += 1;
    this.most = Math.max(this.most, this.making);
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    await (this.hold && Promise.race([this.hold, aborted]));
    this.making -= 1;
    if (this.failure ?? signal.aborted) {
      throw this.failure ?? new Error('aborted');
    }
    this.files.add(file);
    return { bytes: 5, createdAt: 1 };
  }

  cleanUp = (file: string): void => void this.cleaned.push(file);

  remove = ({ file }: KeptCopy): Promise<'removed' | 'gone'> =>
    Promise.resolve(this.files.delete(file) ? 'removed' : 'gone');

  #change(no: number, change: Partial<Row>): void {
    this.rows = this.rows.map((row) => (row.no === no ? { ...row, ...change } : row));
  }
}

function bench({ at = '02:30', keep = 2, shelf = new Shelf() } = {}) {
  process.env['TZ'] = 'UTC';
  const [clock, log] = [new FakeClock(), new CollectingLog()];
  const rules = { at, folder: '/copies', keep, withKey: false };
  const keeper = new CopyKeeper({ store: shelf, maker: shelf, clock, log, engine, nodeId: 'n', rules: () => rules });
  const made = () =>
    shelf.rows.filter(({ state }) => state === 'made').map(({ beganAt }) => new Date(beganAt).toISOString());
  return { clock, log, shelf, keeper, rules, made };
}

describe('the daily copy', () => {
  it('is made at once when there never was one, and then at its time, once a day', async () => {
    const { clock, keeper, shelf, made } = bench({ keep: 9 });
    keeper.open();
    await clock.advance(60_000);
    expect(shelf.rows).toHaveLength(1);
    await clock.advance(48 * hour);
    expect(made().slice(1)).toEqual([
      expect.stringMatching(/^2026-05-01T02:30/),
      expect.stringMatching(/^2026-05-02T02:30/),
    ]);
    await keeper.close();
    expect(clock.waiting).toBe(0);
  });

  it('that was missed while the engine was off is made at the next start', async () => {
    const { clock, keeper, shelf } = bench();
    keeper.open();
    await clock.advance(60_000);
    await keeper.close();
    const later = bench({ shelf });
    later.clock.setWall(later.clock.now() + 72 * hour);
    later.keeper.open();
    await later.clock.advance(10_000);
    expect(shelf.rows).toHaveLength(2);
    await later.clock.advance(hour);
    expect(shelf.rows).toHaveLength(2);
  });

  it('is not made while no time is set', async () => {
    const { clock, keeper, shelf } = bench({ at: '' });
    keeper.open();
    await clock.advance(48 * hour);
    expect(shelf.rows).toEqual([]);
    expect(keeper.list().nextAt).toBeNull();
  });

  it('keeps the newest ones, and files it did not make stay', async () => {
    const { clock, keeper, shelf } = bench({ keep: 2 });
    shelf.files.add('/copies/of-somebody-else.zip');
    keeper.open();
    await clock.advance(100 * hour);
    expect(shelf.files.size).toBe(3);
    expect(shelf.files.has('/copies/of-somebody-else.zip')).toBe(true);
    expect(shelf.rows.map(({ state }) => state)).toEqual(['removed', 'removed', 'removed', 'made', 'made']);
  });

  it('that fails is said, takes no older one with it, and is tried again after an hour', async () => {
    const { clock, keeper, shelf, log } = bench({ keep: 1 });
    keeper.open();
    await clock.advance(60_000);
    const [first] = [...shelf.files];
    shelf.failure = new Error('The disk under /copies is full');
    await clock.advance(17 * hour);
    expect(shelf.files).toEqual(new Set([first]));
    expect(shelf.rows.at(-1)).toMatchObject({ state: 'failed', message: 'The disk under /copies is full' });
    expect(log.messages('error')[0]).toBe('the archive could not be copied');
    expect(shelf.audits.at(-1)).toMatchObject({ action: 'copy.fail' });
    const tries = shelf.rows.length;
    shelf.failure = undefined;
    await clock.advance(hour + 60_000);
    expect(shelf.rows).toHaveLength(tries + 1);
    expect(shelf.rows.at(-1)?.state).toBe('made');
    expect(shelf.files.has(first ?? '')).toBe(false);
  });

  it('is never made twice at once', async () => {
    const { clock, keeper, shelf } = bench();
    const held = Promise.withResolvers<void>();
    shelf.hold = held.promise;
    keeper.open();
    await clock.advance(60_000);
    keeper.make(anna);
    await clock.advance(50 * hour);
    expect(shelf.rows).toHaveLength(1);
    held.resolve();
    await clock.advance(60_000);
    expect(shelf.most).toBe(1);
  });

  it('that an engine was at when it ended is called broken off, cleaned up, and made again', async () => {
    const { clock, keeper, shelf } = bench();
    shelf.hold = new Promise(() => undefined);
    keeper.open();
    await clock.advance(60_000);
    await keeper.close();
    expect(shelf.rows.map(({ state }) => state)).toEqual(['running']);
    shelf.hold = undefined;
    const next = bench({ shelf });
    next.keeper.open();
    expect(shelf.rows[0]).toMatchObject({ state: 'failed', message: 'The engine ended before the copy was whole' });
    expect(shelf.cleaned).toEqual([shelf.rows[0]?.file]);
    await next.clock.advance(10_000);
    expect(shelf.rows.at(-1)?.state).toBe('made');
  });

  it('can be made by hand, with who asked for it in the audit', async () => {
    const { clock, keeper, shelf } = bench({ at: '' });
    expect(keeper.make(anna).copies[0]).toMatchObject({ state: 'running', askedBy: 'anna' });
    await clock.advance(1);
    expect(keeper.list().copies[0]).toMatchObject({ state: 'made', bytes: 5 });
    expect(shelf.audits).toMatchObject([{ actor: anna, action: 'copy.make', detail: { bytes: 5, withKey: false } }]);
  });
});

describe('the time of the day', () => {
  const at = (text: string): number => Date.parse(text);

  it('is the last one before and the first one after now', () => {
    process.env['TZ'] = 'UTC';
    const now = at('2026-11-28T02:30:00Z');
    expect(lastDue('02:30', now)).toBe(now);
    expect(nextDue('02:30', now)).toBe(at('2026-11-29T02:30:00Z'));
    expect(lastDue('02:31', now)).toBe(at('2026-11-27T02:31:00Z'));
    expect(nextDue('02:31', now)).toBe(at('2026-11-28T02:31:00Z'));
  });

  it('comes once on the days when the clocks change', () => {
    process.env['TZ'] = 'Europe/Berlin';
    // 02:30 does not exist on 29 March 2026 and exists twice on 25 October.
    expect(nextDue('02:30', at('2026-03-28T12:00:00Z'))).toBe(at('2026-03-29T01:30:00Z'));
    expect(nextDue('02:30', at('2026-03-29T01:30:00Z'))).toBe(at('2026-03-30T00:30:00Z'));
    expect(nextDue('02:30', at('2026-10-24T12:00:00Z'))).toBe(at('2026-10-25T00:30:00Z'));
    expect(nextDue('02:30', at('2026-10-25T00:30:00Z'))).toBe(at('2026-10-26T01:30:00Z'));
  });
});
