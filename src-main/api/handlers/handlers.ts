import type { NodeInfo } from '#contract/node';
import { contract } from '#contract';
import type { Run, RunLogin } from '#contract/run';
import type { RunCard } from '#contract/run-preview';
import { DroverError } from '#contract/errors';
import type { Actor, Archive, Clock, Signals } from '#core/ports';
import { listRuns } from '#core/history/list-runs';
import type { OutputGroups } from '#core/run/output-groups/output-groups';
import type { RunService } from '#core/run/run-service';
import type { SessionService } from '#core/session/session-service';
import { access } from '../access.ts';
import type { Handlers } from '../dispatcher.ts';
import { createCopyHandlers, type CopyHandlerServices } from './copy-handlers.ts';
import { createCredentialHandlers, type CredentialHandlerServices } from './credential-handlers.ts';
import { createHostKeyHandlers, type HostKeyHandlerServices } from './host-key-handlers.ts';
import { createRetentionHandlers, type RetentionHandlerServices } from './retention-handlers.ts';
import { downloadOutput, refusePurged } from './run-download.ts';
import { createOperatingHandlers, type OperatingHandlerServices } from './operating-handlers.ts';
import { downloadResults } from './run-results.ts';
import { runChanges, runOutput } from './run-feeds.ts';
import { createPreviewHandlers, type PreviewServices } from './run-preview.ts';
import { createSettingsHandlers, type SettingsHandlerServices } from './settings-handlers.ts';
import { runFind } from './run-find.ts';
import { createTargetHandlers, type TargetHandlerServices } from './target-handlers.ts';

type OwnServices = {
  readonly archive: Archive;
  readonly clock: Clock;
  readonly runs: RunService;
  readonly sessions: SessionService;
  readonly signals: Signals;
  readonly groups: OutputGroups;
  readonly node: Pick<NodeInfo, 'nodeId' | 'name' | 'version' | 'platform' | 'dataFolder' | 'startedAt'>;
  readonly trouble: () => string | null;
  /** Where a browser finds the console; undefined while nothing listens. */
  readonly consoleUrl: () => string | undefined;
};

export type HandlerServices = OwnServices &
  PreviewServices &
  TargetHandlerServices &
  CredentialHandlerServices &
  HostKeyHandlerServices &
  SettingsHandlerServices &
  RetentionHandlerServices &
  CopyHandlerServices &
  OperatingHandlerServices;

/** The handlers of every call, feed and download of the contract. */
export function createHandlers(services: HandlerServices): Handlers {
  const { archive, runs, sessions, clock } = services;
  const find = (key: Parameters<RunService['find']>[0], actor: Actor) => runs.find(key, actor);
  const feeds = { archive, signals: services.signals, clock, find };
  return {
    ...createPreviewHandlers(services),
    'run.start': (input, actor) => runs.start(trusted(input, actor), actor),
    'run.get': ({ run }, actor) => archive.getDetail(find(run, actor).id),
    'run.usual': ({ run }, actor) => ({ earlier: earlierOf(archive, find(run, actor), actor) }),
    'run.list': (query, actor) => listRuns({ archive, clock }, actor.teamId, query),
    'run.hosts': ({ run, ...query }, actor) => {
      const hosts = archive.getHosts(find(run, actor).id, query);
      return { hosts, next: hosts.length === query.limit ? (hosts.at(-1)?.host ?? null) : null };
    },
    'run.lines': ({ run, limit, ...range }, actor) => {
      const { id } = find(run, actor);
      const given = definedOf(range);
      const lines = archive.getLines(id, { ...given, limit });
      // Not by their number: a page of long lines ends before its limit.
      const rest = range.before === undefined ? { after: lines.at(-1)?.seq } : { before: lines[0]?.seq };
      const more = lines.length > 0 && archive.getLines(id, { ...given, ...definedOf(rest), limit: 1 }).length > 0;
      return { lines, more };
    },
    'run.cancel': ({ run, level }, actor) => runs.cancel(run, actor, level),
    'run.kill': ({ run }, actor) => runs.kill(run, actor),
    'run.rerun': (input, actor) => runs.rerun(trusted(input, actor), actor),
    'run.output': (query, actor, signal) => runOutput(feeds, query, { actor, signal }),
    'run.changes': (query, actor, signal) => runChanges(feeds, query, { actor, signal }),
    'run.groups': ({ run, ...asked }, actor) => services.groups.of(refusePurged(find(run, actor)), asked),
    'run.find': (query, actor, signal) => runFind(feeds, query, { actor, signal }),
    'run.download': (query, actor) => downloadOutput(archive, find(query.run, actor), query),
    'run.results': (query, actor) => downloadResults(archive, find(query.run, actor), query),
    'node.info': (_input, actor) => ({
      ...services.node,
      actor: { userId: actor.userId, name: actor.name, role: actor.role, team: actor.team },
      now: Math.round(clock.now()),
      trouble: services.trouble(),
    }),
    ...createTargetHandlers(services),
    ...createCredentialHandlers(services),
    ...createHostKeyHandlers(services),
    ...createSettingsHandlers(services),
    ...createRetentionHandlers(services),
    ...createCopyHandlers(services),
    ...createOperatingHandlers(services),
    'session.link': () => {
      const url = services.consoleUrl();
      if (!url) {
        throw new DroverError('engine-unreachable', 'No console listens here: start one with `drover serve`');
      }
      const { token, expiresAt } = sessions.createLinkToken();
      return { url: `${url}/#/enter/${token}`, expiresAt };
    },
    'session.list': (_input, actor) => ({ sessions: sessions.list(actor) }),
    'session.revoke': ({ id }, actor) => {
      sessions.revoke(actor, id);
      return {};
    },
  };
}

/** Runs of the same text before this one, and how long they took. */
function earlierOf(archive: Archive, { id, no, summary }: Run, { teamId }: Actor): RunCard['earlier'] {
  const { textSha256 } = archive.getDetail(id);
  return archive.earlierRuns(teamId, { textSha256, summary, before: no });
}

/** Leaves out what is undefined, so that optional fields are absent. */
function definedOf<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** Taking new host keys trusts them for good, which asks for the same right as accepting them by hand. */
function trusted<T extends { login?: RunLogin | undefined }>(input: T, actor: Actor): T {
  if (input.login?.hostKeys === 'accept-new') {
    access(actor, { name: 'hostkey.accept', role: contract['hostkey.accept'].role });
  }
  return input;
}
