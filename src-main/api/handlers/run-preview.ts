import type { RunLogin } from '#contract/run';
import type {
  LoginOutline,
  PreviewRun,
  Resolved,
  ResolvedTarget,
  ResolveQuery,
  RunCard,
  RunPreview,
} from '#contract/run-preview';
import type { Target } from '#contract/target';
import { DroverError } from '#contract/errors';
import type { Actor, Archive, Digest, PlannedHost } from '#core/ports';
import { findParameters } from '#core/parameter/find-parameters';
import { blastRadius } from '#core/run/blast-radius';
import type { HostChoice, HostGathering } from '#core/run/gather-hosts';
import { planDigest, summaryOf } from '#core/run/plan-run';
import { readAddresses } from '#core/target/parse-addresses';
import type { TargetService } from '#core/target/target-service';
import type { Handlers } from '../dispatcher.ts';

export type PreviewServices = {
  readonly archive: Pick<Archive, 'listCredentials' | 'earlierRuns'>;
  readonly hosts: HostGathering;
  readonly targetService: Pick<TargetService, 'all'>;
  readonly digest: Digest;
  readonly prepare: (task: PreviewRun['task'], hosts: readonly PlannedHost[]) => { finalText: string };
};

/** Says what a start would do, and starts nothing. */
export function createPreviewHandlers(services: PreviewServices): Pick<Handlers, 'run.preview' | 'run.resolve'> {
  return {
    'run.preview': (request, actor) => previewRun(services, request, actor),
    'run.resolve': (query, actor) => resolveTargets(services, query, actor),
  };
}

/** A plan depends on whether secrets are given, not on what they are. */
function loginOf(outline: LoginOutline | undefined): RunLogin | undefined {
  if (!outline) {
    return undefined;
  }
  const { hasSecrets, ...login } = outline;
  return { ...login, keys: [], ...(hasSecrets && { password: '' }) };
}

type Place = Pick<PreviewRun, 'targets' | 'addresses' | 'login'>;

const choiceOf = ({ targets, addresses, login }: Place): HostChoice => ({
  targets,
  addresses,
  login: loginOf(login),
});

/** What `act` gives, or the expected failure it was refused with. */
function orRefusal<T>(act: () => T): { value: T; refusal: null } | { value: null; refusal: DroverError } {
  try {
    return { value: act(), refusal: null };
  } catch (error) {
    if (!(error instanceof DroverError)) {
      throw error;
    }
    return { value: null, refusal: error };
  }
}

const shownTargets = 20;
const shownProblems = 20;

function previewRun(services: PreviewServices, request: PreviewRun, actor: Actor): RunPreview {
  const { task, card } = request;
  const { hosts, selection, refusal, finalText } = decide(services, request, actor);
  return {
    targets: {
      total: hosts.length,
      first: hosts.slice(0, shownTargets).map(({ name }) => name),
      unreachable: unreachableOf(hosts, services.targetService.all(actor.teamId)),
      problem: selection?.message ?? null,
    },
    addresses: addressProblems(selection ? request.addresses : ''),
    ...findings(task, refusal),
    finalText,
    refusal: refusalOf(selection ?? refusal),
    card: card && finalText !== null ? cardOf(services, { request, hosts, finalText }, actor) : null,
  };
}

/** Targets and text as a start would make them, each with what it would be refused for. */
function decide(services: PreviewServices, request: PreviewRun, actor: Actor) {
  const chosen = orRefusal(() => services.hosts.choose(choiceOf(request), actor));
  const hosts = chosen.value ?? [];
  const text = hosts.length === 0 ? null : orRefusal(() => services.prepare(request.task, hosts));
  return {
    hosts,
    selection: chosen.refusal,
    refusal: text?.refusal ?? null,
    finalText: text?.value?.finalText ?? null,
  };
}

const refusalOf = (error: DroverError | null): RunPreview['refusal'] =>
  error ? { code: error.code, message: error.message } : null;

/** The last contact failed. */
const isUnreachable = ({ lastReach }: Pick<Target, 'lastReach'>): boolean => lastReach?.ok === false;

function unreachableOf(hosts: readonly PlannedHost[], known: readonly Target[]): number {
  const failed = new Set(known.filter(isUnreachable).map(({ id }) => id));
  return failed.size === 0 ? 0 : hosts.filter(({ targetId }) => targetId !== null && failed.has(targetId)).length;
}

function addressProblems(text: string): RunPreview['addresses'] {
  const { problems } = readAddresses(text, shownProblems + 1);
  return {
    problems: problems.slice(0, shownProblems).map(({ message, detail }) => ({ line: lineOf(detail), message })),
    more: problems.length > shownProblems,
  };
}

const lineOf = (detail: DroverError['detail']): number => (typeof detail?.['line'] === 'number' ? detail['line'] : 1);

/** A refusal of the text is one of its problems, unless it only says that a value is missing. */
function findings(
  task: PreviewRun['task'],
  refusal: DroverError | null,
): Pick<RunPreview, 'parameters' | 'leftAlone' | 'problems'> {
  const found = task.noParameters ? { names: [], leftAlone: [], problems: [] } : findParameters(task.text);
  const isFilled = found.names.every(({ name }) => Object.hasOwn(task.parameters, name));
  const problems = [...found.problems];
  if (refusal && problems.length === 0 && isFilled) {
    problems.push({ line: lineOf(refusal.detail), message: refusal.message });
  }
  return { parameters: [...found.names], leftAlone: [...found.leftAlone], problems };
}

type Taken = { readonly request: PreviewRun; readonly hosts: readonly PlannedHost[]; readonly finalText: string };

function cardOf(services: PreviewServices, { request, hosts, finalText }: Taken, actor: Actor): RunCard {
  const { archive, digest, targetService } = services;
  const textSha256 = digest.of(finalText);
  const known = targetService.all(actor.teamId);
  const credentials = archive.listCredentials(actor.teamId);
  return {
    planSha256: planDigest(hosts, digest),
    textSha256,
    ...blastRadius({ hosts, known, credentials, options: request.options }),
    earlier: archive.earlierRuns(actor.teamId, { textSha256, summary: summaryOf(finalText) }),
  };
}

/** Throws DroverError as a start would for targets that cannot be chosen. */
function resolveTargets(services: PreviewServices, query: ResolveQuery, actor: Actor): Resolved {
  const hosts = services.hosts.choose(choiceOf(query), actor);
  const known = new Map(services.targetService.all(actor.teamId).map((target) => [target.id, target]));
  const selected = selectedIds(services, query, actor);
  const rows = hosts.map((host) => rowOf(host, { target: known.get(host.targetId ?? ''), selected }));
  const text = query.text.trim().toLowerCase();
  const found = rows.filter((row) => isAsked(row, query.only) && says(row, text));
  const rest = found.filter(({ host }) => host > query.after);
  const targets = rest.slice(0, query.limit);
  return {
    targets,
    next: rest.length > query.limit ? (targets.at(-1)?.host ?? null) : null,
    total: found.length,
    unreachable: rows.filter(isUnreachable).length,
  };
}

/** Targets that the selector alone finds; null when that is all of them. */
function selectedIds(services: PreviewServices, query: ResolveQuery, actor: Actor): ReadonlySet<string | null> | null {
  if (query.addresses.trim() === '') {
    return null;
  }
  const choice = { ...choiceOf(query), addresses: '' };
  const hosts = query.targets.trim() === '' ? [] : services.hosts.choose(choice, actor);
  return new Set(hosts.map(({ targetId }) => targetId));
}

type RowSources = { readonly target: Target | undefined; readonly selected: ReadonlySet<string | null> | null };

function rowOf({ host, targetId, name, address, reach }: PlannedHost, sources: RowSources): ResolvedTarget {
  const { target, selected } = sources;
  return {
    host,
    targetId,
    name,
    address,
    user: reach?.user ?? null,
    maintenance: target?.maintenance ?? false,
    lastReach: target?.lastReach ?? null,
    byAddress: selected !== null && !selected.has(targetId),
  };
}

function isAsked(row: ResolvedTarget, only: ResolveQuery['only']): boolean {
  switch (only) {
    case 'all':
      return true;
    case 'unreachable':
      return isUnreachable(row);
    case 'maintenance':
      return row.maintenance;
  }
}

const says = ({ name, address }: ResolvedTarget, text: string): boolean =>
  text === '' || name.toLowerCase().includes(text) || address.toLowerCase().includes(text);
