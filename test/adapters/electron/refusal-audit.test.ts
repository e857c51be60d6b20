import { describe, expect, it } from 'vitest';
import type { Refusal } from '#adapters/electron/ipc-server';
import { auditRefusals, type RefusalAudit } from '#adapters/electron/refusal-audit';
import type { Actor, AuditEntry } from '#core/ports';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';

const actor: Actor = {
  userId: 'user-1',
  name: 'Ada',
  role: 'owner',
  teamId: 'team-1',
  team: 'Operations',
  origin: { transport: 'ipc', address: '' },
  sessionId: null,
};
const refusal: Refusal = {
  channel: 'drover:call',
  name: null,
  code: 'access-denied',
  from: 'https://elsewhere.example',
};

type Rig = { rows: AuditEntry[]; clock: FakeClock; log: CollectingLog; audit: RefusalAudit };

function rig(record?: (entry: AuditEntry) => void): Rig {
  const rows: AuditEntry[] = [];
  const [clock, log] = [new FakeClock(), new CollectingLog()];
  const audit = auditRefusals({ actor, recordAudit: record ?? ((entry) => rows.push(entry)), clock, log });
  return { rows, clock, log, audit };
}
const times = (count: number, act: () => void): void => Array.from({ length: count }).forEach(act);

describe('the audit of refused messages', () => {
  it('has a row for each, with the channel, the code and the sender', () => {
    const { rows, audit } = rig();
    audit.onRefused(refusal);
    expect(rows).toEqual([
      {
        actor,
        action: 'ipc.refuse',
        objectType: 'channel',
        objectId: 'drover:call',
        detail: { name: null, code: 'access-denied', from: 'https://elsewhere.example' },
      },
    ]);
  });

  it('has at most ten rows a minute and then one with the count, however many there are', async () => {
    const { rows, clock, audit } = rig();
    times(100_000, () => audit.onRefused(refusal));
    expect(rows).toHaveLength(10);
    await clock.advance(60_000);
    expect(rows).toHaveLength(11);
    expect(rows[10]?.detail).toMatchObject({ count: 99_990 });
    times(11, () => audit.onRefused(refusal));
    await clock.advance(60_000);
    expect(rows).toHaveLength(22);
    expect(rows[21]?.detail).toMatchObject({ count: 1 });
  });

  it('loses none of a minute that is not over when it is closed, and keeps no timer', async () => {
    const { rows, clock, audit } = rig();
    times(12, () => audit.onRefused(refusal));
    audit.close();
    expect(rows[10]?.detail).toMatchObject({ count: 2 });
    expect(clock.waiting).toBe(0);
    audit.close();
    expect(rows).toHaveLength(11);
  });

  it('writes nothing more when nothing was left out', async () => {
    const { rows, clock, audit } = rig();
    times(10, () => audit.onRefused(refusal));
    await clock.advance(120_000);
    expect(rows).toHaveLength(10);
  });

  it('keeps nobody from being answered when it cannot be written', () => {
    const { log, audit } = rig(() => {
      throw new Error('the disk is full');
    });
    audit.onRefused(refusal);
    expect(log.messages('error')).toEqual(['a refused message could not be audited']);
  });
});
