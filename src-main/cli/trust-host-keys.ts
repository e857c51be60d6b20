import type { DroverClient } from '#contract/client';
import type { HostKey } from '#contract/host-key';
import type { HostRow, Run } from '#contract/run';
import { askYes, mayAsk } from './ask-person.ts';
import { changedText, isMachine, keyLines, theseKeys } from './host-key-text.ts';
import { nodeSet } from './run-end.ts';
import type { Session } from './session.ts';

/** What one call of the contract takes. */
const mostIds = 10_000;
const mostChanged = 10;

type Ended = {
  readonly run: Run;
  readonly rows: readonly HostRow[];
  /** The one question may be asked. */
  readonly ask: boolean;
};

/**
 * Tells which targets were refused for their host keys. At a terminal it asks once whether to trust those that were never
 * seen before, and gives the places of their targets after a yes; a changed key is never part of that question.
 */
export async function trustHostKeys(session: Session, client: DroverClient, ended: Ended): Promise<number[]> {
  const refused = ended.rows.filter(({ reason }) => reason === 'host-key');
  if (refused.length === 0) {
    return [];
  }
  try {
    const { keys } = await client.call('hostkey.list', { state: 'offered' });
    return await settle(session, client, { ...ended, ...keysOf(refused, keys, ended.run) });
  } catch (error) {
    // The run has ended as it has: that is what the exit code tells.
    session.report(error);
    return [];
  }
}

type Found = {
  readonly changed: readonly HostKey[];
  readonly unknown: readonly HostKey[];
  /** Targets for which nothing but unknown keys stands in the way. */
  readonly trustable: readonly HostRow[];
};

/** Keys that were shown during this run by the refused targets, or by a machine on the way to them. */
function keysOf(refused: readonly HostRow[], offered: readonly HostKey[], run: Run): Found {
  const recent = offered.filter(({ seenAt }) => seenAt >= run.createdAt);
  const found = refused.map((row) => {
    const named = recent.filter(({ fingerprint }) => row.message.includes(fingerprint));
    return { row, keys: named.length > 0 ? named : recent.filter((key) => isMachine(key, row.address)) };
  });
  const isUnknown = ({ replaces }: HostKey): boolean => replaces === null;
  const ofTrustable = found.filter(({ keys }) => keys.length > 0 && keys.every(isUnknown));
  return {
    changed: [...new Set(found.flatMap(({ keys }) => keys.filter((key) => !isUnknown(key))))],
    unknown: [...new Set(ofTrustable.flatMap(({ keys }) => keys))],
    trustable: ofTrustable.map(({ row }) => row),
  };
}

async function settle(session: Session, client: DroverClient, found: Ended & Found): Promise<number[]> {
  const { changed, unknown, trustable } = found;
  for (const key of changed.slice(0, mostChanged)) {
    session.notice(changedText(key));
  }
  if (changed.length > mostChanged) {
    session.notice(`${changed.length - mostChanged} more host keys have changed: drover hostkey ls --offered`);
  }
  if (unknown.length === 0) {
    return [];
  }
  if (!found.ask || !mayAsk(session)) {
    session.notice(howToAccept(trustable));
    return [];
  }
  session.status.writeAbove(`Never seen before:\n${keyLines(unknown).join('\n')}\n`);
  const targets = trustable.length === 1 ? 'this target' : 'these targets';
  // The run has ended: an interrupt can only mean this question.
  session.endOnInterrupt();
  if (!(await askYes(session, `Trust ${theseKeys(unknown.length)} and run on ${targets} now?`))) {
    session.notice(howToAccept(trustable));
    return [];
  }
  await acceptKeys(client, { keys: unknown, replace: false });
  return trustable.map(({ host }) => host);
}

function howToAccept(rows: readonly HostRow[]): string {
  return (
    `nobody has trusted the host keys of ${nodeSet(rows)} yet; drover hostkey ls --offered shows them, ` +
    'drover hostkey accept ADDRESS trusts one, and --accept-new-host-keys trusts new ones during a run'
  );
}

type Accepted = { readonly keys: readonly HostKey[]; readonly replace: boolean };

/** Trusts the keys, as many as there are. */
export async function acceptKeys(client: DroverClient, { keys, replace }: Accepted): Promise<HostKey[]> {
  const accepted: HostKey[] = [];
  for (let from = 0; from < keys.length; from += mostIds) {
    const ids = keys.slice(from, from + mostIds).map(({ id }) => id);
    const done = await client.call('hostkey.accept', { ids, replace });
    accepted.push(...done.keys);
  }
  return accepted;
}
