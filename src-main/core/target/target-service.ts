import type { Reached, Target, TargetFields, TargetImport } from '#contract/target';
import type { OutputOf, ParsedOf } from '#contract';
import { DroverError } from '#contract/errors';
import type { Actor, Archive, AuditEntry, Clock, Ids } from '#core/ports';
import type { CredentialStore, TargetStore } from '#core/ports-reach';
import { changedFields, type TargetChange } from './change-target.ts';
import { importTargets, type ImportWrite } from './import-targets.ts';
import { type CredentialNames, searchTargets } from './select-targets.ts';

type TargetParts = {
  readonly store: TargetStore & Pick<CredentialStore, 'listCredentials'> & Pick<Archive, 'together'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<Ids, 'next'>;
  /** The machine the node runs on; every team sees it, nobody changes it. */
  readonly local: Target;
};

type TargetPage = OutputOf<'target.list'>;

/** The targets of all teams, kept in memory until something changes: every run asks for all of them. */
export class TargetService {
  readonly #parts: TargetParts;
  readonly #cache = new Map<string, readonly Target[]>();

  constructor(parts: TargetParts) {
    this.#parts = parts;
  }

  /** The built-in target and all that are stored, by number. */
  all(teamId: string): readonly Target[] {
    const cached = this.#cache.get(teamId);
    if (cached) {
      return cached;
    }
    const targets = [this.#parts.local, ...this.#parts.store.listTargets(teamId)];
    this.#cache.set(teamId, targets);
    return targets;
  }

  /** One page of what a query finds, and how many it finds in all. Throws DroverError `bad-selector`. */
  list({ query, after, limit }: ParsedOf<'target.list'>, actor: Actor): TargetPage {
    const all = this.all(actor.teamId);
    const found = query.trim() === '' ? all : searchTargets(query, all, this.#credentialNames(actor.teamId));
    const rest = found.filter(({ no }) => no > after).toSorted((a, b) => a.no - b.no);
    const targets = rest.slice(0, limit);
    return { targets, next: rest.length > limit ? (targets.at(-1)?.no ?? null) : null, total: found.length };
  }

  /** By id, by number (`#7`, `7`) or by name. Throws DroverError `not-found`. */
  get(key: string, actor: Actor): Target {
    const all = this.all(actor.teamId);
    const no = /^#?(\d{1,16})$/.exec(key)?.[1];
    const target =
      all.find(({ id }) => id === key) ??
      (no === undefined ? undefined : all.find((one) => one.no === Number(no))) ??
      all.find(({ name }) => name === key) ??
      all.find(({ name }) => name.toLowerCase() === key.toLowerCase());
    if (!target) {
      throw new DroverError('not-found', `There is no target ${key.slice(0, 150)}: the list shows which there are`);
    }
    return target;
  }

  /** By id alone; undefined when there is none in the team. */
  find(id: string, actor: Actor): Target | undefined {
    return this.all(actor.teamId).find((target) => target.id === id);
  }

  /** Throws DroverError `name-taken`, `unknown-credential`. */
  create(fields: TargetFields, actor: Actor): Target {
    this.#refuseBuiltInName(fields.name);
    this.#refuseUnknownCredentials([fields], actor);
    return this.#write(actor, () => this.#create(fields, actor, 'target.create'));
  }

  /** Throws DroverError `not-found`, `changed-meanwhile`, `name-taken`, `unknown-credential`. */
  update({ id, rev, change }: { id: string; rev: number; change: TargetChange }, actor: Actor): Target {
    const target = this.find(id, actor);
    if (!target) {
      throw new DroverError('not-found', `There is no target ${id}: the list shows which there are`);
    }
    this.#refuseBuiltIn(target);
    if (target.rev !== rev) {
      throw changedMeanwhile(target);
    }
    const { fields, letsGo } = changedFields(target, change);
    if (Object.keys(fields).length === 0) {
      return target;
    }
    this.#refuseBuiltInName(fields.name ?? target.name);
    this.#refuseUnknownCredentials([fields], actor);
    return this.#write(actor, () => this.#update(target, { fields, letsGo }, this.#audit(actor, 'target.update')));
  }

  /** How many were changed, all of them or none. Throws DroverError `bad-input` for the built-in target. */
  maintain({ ids, maintenance }: ParsedOf<'target.maintain'>, actor: Actor): number {
    const wanted = new Set(ids);
    const targets = this.all(actor.teamId).filter((target) => wanted.has(target.id));
    targets.forEach((target) => this.#refuseBuiltIn(target));
    const changed = targets.filter((target) => target.maintenance !== maintenance);
    if (changed.length > 0) {
      const audit = this.#audit(actor, 'target.update');
      const change = { fields: { maintenance }, letsGo: false };
      this.#write(actor, () =>
        this.#parts.store.together(() => changed.forEach((target) => this.#update(target, change, audit))),
      );
    }
    return changed.length;
  }

  /** How many of them were there. Throws DroverError `bad-input` for the built-in target: then none is removed. */
  remove(ids: readonly string[], actor: Actor): number {
    const wanted = new Set(ids);
    const gone = this.all(actor.teamId).filter(({ id }) => wanted.has(id));
    for (const target of gone) {
      this.#refuseBuiltIn(target);
    }
    if (gone.length === 0) {
      return 0;
    }
    const targets = gone.map(({ id, no, name, address }) => ({ id, no, name, address }));
    const audit = this.#audit(actor, 'target.remove')(targets.length === 1 ? (targets[0]?.id ?? '') : '', { targets });
    return this.#write(actor, () =>
      this.#parts.store.removeTargets(
        actor.teamId,
        gone.map(({ id }) => id),
        audit,
      ),
    );
  }

  /**
   * What a text would change, and changes it when `apply` is set: all of it or nothing. Throws DroverError `bad-input`,
   * `too-large`, `unknown-credential`.
   */
  import({ text, format, defaults, apply }: TargetImport, actor: Actor): OutputOf<'target.import'> {
    const { writes, ...plan } = importTargets(text, format, { existing: this.all(actor.teamId), defaults });
    this.#refuseUnknownCredentials([defaults, ...writes.map(({ fields }) => fields)], actor);
    if (!apply || writes.length === 0) {
      return { ...plan, written: 0, created: [] };
    }
    const created = this.#write(actor, () => this.#parts.store.together(() => this.#apply(writes, actor)));
    return { ...plan, written: writes.length, created };
  }

  /** Stores when targets were last contacted and what came of it. */
  saveReached(results: ReadonlyMap<string, Reached>): void {
    const stored = new Map([...results].filter(([id]) => id !== this.#parts.local.id));
    this.#parts.store.saveReached([...stored].map(([targetId, reached]) => ({ targetId, reached })));
    for (const [teamId, targets] of this.#cache) {
      this.#cache.set(
        teamId,
        targets.map((target) => {
          const lastReach = stored.get(target.id);
          return lastReach ? { ...target, lastReach } : target;
        }),
      );
    }
  }

  /** Ids of those that are new. */
  #apply(writes: readonly ImportWrite[], actor: Actor): string[] {
    const audit = this.#audit(actor, 'target.import');
    const created: string[] = [];
    for (const write of writes) {
      if (write.kind === 'new') {
        created.push(this.#create(write.fields, actor, 'target.import').id);
      } else {
        this.#update(write.target, write, audit);
      }
    }
    return created;
  }

  #create(fields: TargetFields, actor: Actor, action: string): Target {
    const { store, ids, clock } = this.#parts;
    const id = ids.next();
    const { name, address, port, credentialId } = fields;
    return store.createTarget(
      { ...fields, id, teamId: actor.teamId, createdBy: actor.userId, at: Math.round(clock.now()) },
      this.#audit(actor, action)(id, { name, address, port, credentialId }),
    );
  }

  #update(
    target: Target,
    { fields, letsGo }: { fields: Partial<TargetFields>; letsGo: boolean },
    audit: (id: string, detail: Record<string, unknown>) => AuditEntry,
  ): Target {
    const { store, clock } = this.#parts;
    const detail = {
      name: target.name,
      changed: Object.keys(fields),
      ...(fields.name !== undefined && { newName: fields.name }),
      ...(fields.address !== undefined && { from: target.address, to: fields.address }),
      ...(letsGo && { letGoOfCredential: target.credentialId }),
    };
    const change = { rev: target.rev, fields, at: Math.round(clock.now()) };
    const updated = store.updateTarget(target.id, change, audit(target.id, detail));
    if (!updated) {
      throw changedMeanwhile(target);
    }
    return updated;
  }

  #audit(actor: Actor, action: string) {
    return (objectId: string, detail: Record<string, unknown>): AuditEntry => ({
      actor,
      action,
      objectType: 'target',
      objectId,
      detail,
    });
  }

  /** Whatever came of it, the next reader sees what is stored. */
  #write<T>(actor: Actor, act: () => T): T {
    try {
      return act();
    } finally {
      this.#cache.delete(actor.teamId);
    }
  }

  /** Looked up when a search first asks for one. */
  #credentialNames(teamId: string): CredentialNames {
    let names: ReadonlyMap<string, string> | undefined;
    return (id) =>
      (names ??= new Map(this.#parts.store.listCredentials(teamId).map((one) => [one.id, one.name]))).get(id);
  }

  #refuseBuiltIn({ id, name }: Target): void {
    if (id === this.#parts.local.id) {
      throw new DroverError('bad-input', `The target ${name} is built in: it can be neither changed nor removed`);
    }
  }

  #refuseBuiltInName(name: string): void {
    if (name.toLowerCase() === this.#parts.local.name.toLowerCase()) {
      throw new DroverError('name-taken', `The name ${name} means the machine Drover runs on: choose another name`);
    }
  }

  #refuseUnknownCredentials(all: readonly TargetChange[], actor: Actor): void {
    const named = new Set(
      all
        .flatMap(({ credentialId, jump }) => [credentialId, ...(jump ?? []).map((hop) => hop.credentialId)])
        .filter((id) => typeof id === 'string'),
    );
    if (named.size === 0) {
      return;
    }
    for (const { id } of this.#parts.store.listCredentials(actor.teamId)) {
      named.delete(id);
    }
    const [unknown] = named;
    if (unknown !== undefined) {
      throw new DroverError('unknown-credential', `There is no credential ${unknown.slice(0, 100)}: choose another`, {
        detail: { credentialId: unknown },
      });
    }
  }
}

function changedMeanwhile({ name, rev }: Target): DroverError {
  return new DroverError('changed-meanwhile', `The target ${name} was changed meanwhile: look at it again`, {
    detail: { rev },
  });
}
