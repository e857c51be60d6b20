import type { ImportSource, Target, TargetTest } from '#contract/target';
import type { LastRun } from '#contract/target-runs';
import { DroverError } from '#contract/errors';
import type { Actor, Archive, Clock, Log } from '#core/ports';
import type { Probe, Reach } from '#core/ports-reach';
import type { ReachRecorder } from '#core/target/reach-recorder';
import type { TargetService } from '#core/target/target-service';
import type { Handlers } from '../dispatcher.ts';

export type TargetHandlerServices = {
  readonly targetService: TargetService;
  readonly reachRecorder: ReachRecorder;
  readonly probe: Probe;
  /** Where and how a target would be reached in a run. Throws DroverError. */
  readonly reachOf: (target: Target, actor: Actor) => { readonly address: string; readonly reach: Reach };
  /** The lists of targets that the node's account keeps in usual places. */
  readonly importSources: () => Promise<ImportSource[]>;
  readonly archive: Pick<Archive, 'recordAudit' | 'lastRuns'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'error'>;
};

type TargetCalls =
  | 'target.list'
  | 'target.get'
  | 'target.lastRuns'
  | 'target.create'
  | 'target.update'
  | 'target.maintain'
  | 'target.remove'
  | 'target.import'
  | 'target.importSources'
  | 'target.test';

const testsAtOnce = 16;

type TestBy = { readonly actor: Actor; readonly name: string };

export function createTargetHandlers(services: TargetHandlerServices): Pick<Handlers, TargetCalls> {
  const { targetService } = services;
  return {
    'target.list': (query, actor) => targetService.list(query, actor),
    'target.get': ({ target }, actor) => targetService.get(target, actor),
    'target.lastRuns': ({ ids }, actor) => ({ runs: lastRunsOf(services, ids, actor) }),
    'target.create': (fields, actor) => targetService.create(fields, actor),
    'target.update': (update, actor) => targetService.update(update, actor),
    'target.maintain': (change, actor) => ({ changed: targetService.maintain(change, actor) }),
    'target.remove': ({ ids }, actor) => ({ removed: targetService.remove(ids, actor) }),
    'target.import': (request, actor) => targetService.import(request, actor),
    'target.importSources': async () => ({ sources: await services.importSources() }),
    'target.test': async ({ ids }, actor) => {
      const wanted = [...new Set(ids)];
      const at = Math.round(services.clock.now());
      const detail = { targets: wanted.length };
      services.archive.recordAudit({ actor, action: 'target.test', objectType: 'target', objectId: '', detail });
      // One name for all of them: what refuses a credential here as in a run keeps the others from being tried.
      const tests = await testAll(services, wanted, { actor, name: `target.test ${actor.userId} ${at}` });
      // The list that is read next shows what came of it.
      services.reachRecorder.flush();
      return { tests };
    },
  };
}

/** Only of the actor's own targets. */
function lastRunsOf(services: TargetHandlerServices, ids: readonly string[], { teamId }: Actor): LastRun[] {
  const wanted = new Set(ids);
  return services.archive.lastRuns(services.targetService.all(teamId).filter(({ id }) => wanted.has(id)));
}

/** In the order of `ids`; a target that cannot be tested is an answer like any other. */
async function testAll(services: TargetHandlerServices, ids: readonly string[], by: TestBy): Promise<TargetTest[]> {
  const tests: TargetTest[] = [];
  const queue = [...ids.entries()];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [place, id] = next;
      tests[place] = await testOne(services, id, by);
    }
  };
  await Promise.all(Array.from({ length: Math.min(testsAtOnce, ids.length) }, work));
  return tests;
}

async function testOne(services: TargetHandlerServices, id: string, { actor, name }: TestBy): Promise<TargetTest> {
  const target = services.targetService.find(id, actor);
  if (!target) {
    return answer({ id, name: '', address: '' }, { reason: 'not-started', message: 'There is no such target' });
  }
  if (target.connection === 'local') {
    return answer(target, { reason: null, message: 'This is the machine Drover runs on' });
  }
  if (target.connection !== 'ssh') {
    const message = `Only targets that are reached by ssh can be tested, and ${target.name} is reached by ${target.connection}`;
    return answer(target, { reason: 'not-started', message });
  }
  try {
    const { address, reach } = services.reachOf(target, actor);
    const result = await services.probe.test({ name: target.name, address, reach }, name);
    const { reason, message } = result;
    services.reachRecorder.record(target.id, {
      at: Math.round(services.clock.now()),
      ok: reason === null,
      reason,
      message,
    });
    return answer(target, result);
  } catch (error) {
    if (error instanceof DroverError) {
      return answer(target, { reason: 'not-started', message: error.message });
    }
    services.log.error('unexpected error', { name: 'target.test', target: target.id, error });
    const message = 'Internal error; the log of this node has the details';
    return answer(target, { reason: 'not-started', message });
  }
}

function answer(
  { id, name, address }: Pick<Target, 'id' | 'name' | 'address'>,
  { reason, message, durationMs = 0 }: { reason: string | null; message: string; durationMs?: number },
): TargetTest {
  return { id, name, address, ok: reason === null, reason, message, durationMs: Math.round(durationMs) };
}
