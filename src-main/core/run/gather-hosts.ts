import type { Run, RunLogin } from '#contract/run';
import type { Credential } from '#contract/credential';
import { DroverError } from '#contract/errors';
import type { Target } from '#contract/target';
import type { Actor, PlannedHost } from '#core/ports';
import type { SshAccount } from '#core/ports-reach';
import { parseAddresses } from '../target/parse-addresses.ts';
import { selectTargets } from '../target/select-targets.ts';
import { freezeHosts, holdsSecrets } from './freeze-hosts.ts';

/** What a request says of where it shall run. */
export type HostChoice = { readonly targets: string; readonly addresses: string; readonly login: RunLogin | undefined };

/** Looks up what a plan is made of and freezes its targets. */
export interface HostGathering {
  /** Throws DroverError `no-targets`, `unknown-target`, `bad-selector`, `bad-input`, `unknown-credential`. */
  choose(choice: HostChoice, actor: Actor): PlannedHost[];
  /** The same targets as they are stored now; those that were named by address as they were reached. */
  again(
    planned: readonly PlannedHost[],
    by: { readonly login: RunLogin | undefined; readonly run: Run },
    actor: Actor,
  ): PlannedHost[];
}

type Sources = {
  /** All targets the actor's team has, the built-in one too. */
  readonly targets: (teamId: string) => readonly Target[];
  readonly credentials: (teamId: string) => readonly Pick<Credential, 'id' | 'name' | 'kind' | 'user' | 'become'>[];
  readonly account: SshAccount;
};

export function gatherHosts({ targets, credentials, account }: Sources): HostGathering {
  return {
    choose({ targets: selector, addresses, login }, { teamId }) {
      const known = targets(teamId);
      const stored = credentials(teamId);
      const nameOf = (id: string): string | undefined => stored.find((one) => one.id === id)?.name;
      const named = addresses.trim() === '' ? [] : parseAddresses(addresses);
      const chosen = named.length > 0 && selector.trim() === '' ? [] : selectTargets(selector, known, nameOf);
      return freezeHosts({
        targets: chosen,
        addresses: named,
        known,
        login,
        account,
        credentials: stored,
      });
    },
    again(planned, { login, run }, { teamId }) {
      const known = new Map(targets(teamId).map((target) => [target.id, target]));
      const stored = planned.flatMap(({ targetId, name }) => {
        if (targetId === null) {
          return [];
        }
        const target = known.get(targetId);
        if (!target) {
          throw new DroverError('unknown-target', `The target ${name} of run ${run.no} is gone`);
        }
        return [target];
      });
      const frozen = freezeHosts({
        targets: stored,
        addresses: [],
        known: [],
        login,
        account,
        credentials: credentials(teamId),
      });
      const byId = new Map(frozen.map((host) => [host.targetId, host]));
      return planned.map((before, host) => ({
        ...(byId.get(before.targetId ?? '') ?? sameWay(before, login, run)),
        host,
      }));
    },
  };
}

/** A machine without a target, reached as before; secrets that were given then are not stored and must be given again. */
function sameWay(before: PlannedHost, login: RunLogin | undefined, run: Run): PlannedHost {
  const { reach } = before;
  if (!reach) {
    return before;
  }
  const hasSecrets = holdsSecrets(login);
  if (reach.login.kind === 'given' && !hasSecrets) {
    throw new DroverError(
      'unknown-credential',
      `${before.name} was reached with a key or password that was given with run ${run.no} and is not stored: give it again, for example with -i`,
    );
  }
  // New host keys are taken only when that is said again.
  const { user = reach.user, port = reach.port, become = reach.become, hostKeys = 'known' } = login ?? {};
  return {
    ...before,
    reach: {
      ...reach,
      user,
      port,
      hostKeys,
      become: become && { user: become.user },
      login: hasSecrets ? { kind: 'given' } : reach.login,
    },
  };
}

/** What is kept of a long list of addresses. */
const longestSelector = 10_000;

/** What named the targets of a run, for its record. */
export function selectorText(targets: string, addresses: string): string {
  const words = [targets.trim(), addresses.trim().replaceAll(/\s+/g, ' ')].filter((text) => text !== '').join(' ');
  return words.length > longestSelector ? `${words.slice(0, longestSelector)}…` : words;
}
