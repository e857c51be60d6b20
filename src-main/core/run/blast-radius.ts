import type { Credential } from '#contract/credential';
import type { RunOptions } from '#contract/run';
import type { CardLogin, RunCard } from '#contract/run-preview';
import type { Target } from '#contract/target';
import type { PlannedHost } from '#core/ports';
import type { LoginSource, Reach } from '#core/ports-reach';
import { batchSizes } from '#contract/share';

export type BlastSources = {
  /** The frozen list. */
  readonly hosts: readonly PlannedHost[];
  /** All targets there are. */
  readonly known: readonly Target[];
  readonly credentials: readonly Pick<Credential, 'id' | 'name'>[];
  readonly options: Pick<RunOptions, 'batches'>;
};

type BlastRadius = Omit<RunCard, 'planSha256' | 'textSha256' | 'earlier'>;

const mostLogins = 8;
const mostBatches = 12;

/** What a start would touch, counted; its size does not grow with the number of targets. */
export function blastRadius({ hosts, known, credentials, options }: BlastSources): BlastRadius {
  const chosen = new Set(hosts.map(({ targetId }) => targetId));
  const stored = known.filter(({ id }) => chosen.has(id));
  const logins = loginsOf(hosts, new Map(credentials.map(({ id, name }) => [id, name])));
  const sizes = batchSizes(hosts.length, options.batches);
  return {
    maintenance: stored.filter(({ maintenance }) => maintenance).length,
    logins: logins.slice(0, mostLogins),
    moreLogins: Math.max(0, logins.length - mostLogins),
    runAs: runAsOf(hosts),
    everyTarget: isEveryTarget(known, chosen),
    batches: { sizes: sizes.slice(0, mostBatches), count: sizes.length },
  };
}

/** One saved target alone is no whole team. */
function isEveryTarget(known: readonly Target[], chosen: ReadonlySet<string | null>): boolean {
  const saved = known.filter(({ connection, maintenance }) => connection !== 'local' && !maintenance);
  return saved.length > 1 && saved.every(({ id }) => chosen.has(id));
}

function loginsOf(hosts: readonly PlannedHost[], names: ReadonlyMap<string, string>): CardLogin[] {
  const counted = new Map<string, CardLogin>();
  for (const { reach } of hosts) {
    const key = reach ? `${reach.user} ${reach.login.kind} ${credentialIdOf(reach.login) ?? ''}` : '';
    const login = counted.get(key);
    if (login) {
      login.count += 1;
    } else {
      counted.set(key, loginOf(reach, names));
    }
  }
  return mostFrequent([...counted.values()]);
}

const credentialIdOf = (login: LoginSource): string | null => (login.kind === 'stored' ? login.credentialId : null);

function loginOf(reach: Reach | null, names: ReadonlyMap<string, string>): CardLogin {
  if (!reach) {
    return { user: '', by: 'local', credential: null, count: 1 };
  }
  const { user, login } = reach;
  return { user, by: login.kind, credential: names.get(credentialIdOf(login) ?? '') ?? null, count: 1 };
}

function runAsOf(hosts: readonly PlannedHost[]): RunCard['runAs'] {
  const counts = new Map<string, number>();
  for (const user of hosts.flatMap(({ reach }) => reach?.become?.user ?? [])) {
    counts.set(user, (counts.get(user) ?? 0) + 1);
  }
  return mostFrequent([...counts].map(([user, count]) => ({ user, count }))).slice(0, mostLogins);
}

const mostFrequent = <T extends { readonly count: number }>(rows: readonly T[]): T[] =>
  rows.toSorted((one, other) => other.count - one.count);
