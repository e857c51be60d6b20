import type { HostRow, HostStatus, Run, RunDetail, Stream } from '#contract/run';
import { DroverError } from '#contract/errors';
import type {
  Archive,
  AuditEntry,
  HostResult,
  NewRun,
  OutputChunk,
  OutputRange,
  PlannedHost,
  UnendedRun,
} from '#core/ports';
import type { RunSearch, RunSlice } from '#core/ports-history';
import { isFinal } from '#core/run/run-state';
import { MemoryCredentials } from './memory-credentials.ts';
import { MemoryHostKeys } from './memory-host-keys.ts';
import { MemoryOutput } from './memory-output.ts';
import { allowedMoves, countsOf, lastOf, medianOf, pendingRow } from './memory-rows.ts';
import { searchMemory } from './memory-search.ts';
import { MemorySessions } from './memory-sessions.ts';
import { MemorySettings } from './memory-settings.ts';
import { MemoryTargets, type MemoryWriting } from './memory-targets.ts';
import { sha256 } from './node-digest.ts';

type StoredHost = { readonly plan: PlannedHost; row: HostRow; rev: number };
type StoredRun = {
  readonly given: NewRun;
  readonly no: number;
  readonly hosts: StoredHost[];
  readonly output: MemoryOutput;
  state: Pick<Run, 'status' | 'phase' | 'reason' | 'startedAt' | 'endedAt' | 'durationMs' | 'cancel'>;
  omitted: number;
  packed: boolean;
  rev: number;
};

const isOpen = (status: HostStatus): boolean => ['pending', 'running', 'cancelling'].includes(status);

/** A disk that takes no output, or nothing at all: values for `failure`. */
export const noSpaceFor =
  (...names: readonly (keyof Archive)[]) =>
  (name: keyof Archive): Error | undefined =>
    names.length === 0 || names.includes(name) ? new DroverError('no-space', 'The disk is full') : undefined;

/** Keeps the promises of the real archive in memory, its triggers as well: what must never change throws. */
export class MemoryArchive implements Archive {
  readonly nodeId = 'node-1';
  readonly builtIn = { teamId: 'team-1', userId: 'user-1' };
  readonly audits: AuditEntry[] = [];
  /** Every status that was written, in order. */
  readonly moves: { readonly id: string; readonly from: Run['status']; readonly to: Run['status'] }[] = [];
  /** Asked before every write; what it gives is thrown. */
  failure: (name: keyof Archive) => Error | undefined = () => undefined;
  /** How often `packOutput` wants to be called for one run. */
  packSteps = 1;
  readonly packed: string[] = [];
  readonly #runs = new Map<string, StoredRun>();
  readonly #writing: MemoryWriting = { audits: this.audits, write: (name, act) => this.#write(name, act) };
  readonly #targets = new MemoryTargets(this.#writing);
  readonly #credentials = new MemoryCredentials(this.#writing);
  readonly #hostKeys = new MemoryHostKeys(this.#writing);
  readonly #sessions = new MemorySessions(this.#writing);
  readonly #settings = new MemorySettings(this.#writing);
  readonly #rawPageBytes: number;
  #rev = 0;

  constructor({ rawPageBytes = 1024 * 1024 } = {}) {
    this.#rawPageBytes = rawPageBytes;
  }

  /** Output is not undone. */
  together<T>(act: () => T): T {
    const before = [...this.#runs.values()].map((run) => ({
      run,
      state: run.state,
      rows: run.hosts.map(({ row }) => row),
    }));
    const others = [this.#targets.keep(), this.#credentials.keep(), this.#hostKeys.keep(), this.#settings.keep()];
    const written = { audits: this.audits.length, moves: this.moves.length };
    try {
      return act();
    } catch (error) {
      for (const { run, state, rows } of before) {
        run.state = state;
        for (const [index, host] of run.hosts.entries()) {
          host.row = rows[index] ?? host.row;
        }
      }
      for (const undo of others) {
        undo();
      }
      this.audits.length = written.audits;
      this.moves.length = written.moves;
      throw error;
    }
  }

  createRun(given: NewRun, hosts: readonly PlannedHost[], audit: AuditEntry): Run {
    return this.#write('createRun', () => {
      const stored: StoredRun = {
        given,
        no: this.#runs.size + 1,
        hosts: hosts.map((plan) => ({ plan, row: pendingRow(plan), rev: this.#nextRev() })),
        output: new MemoryOutput(this.#rawPageBytes),
        state: {
          status: 'pending',
          phase: given.phase,
          reason: '',
          startedAt: null,
          endedAt: null,
          durationMs: null,
          cancel: null,
        },
        omitted: 0,
        packed: false,
        rev: this.#nextRev(),
      };
      this.#runs.set(given.id, stored);
      this.audits.push(audit);
      return toRun(stored);
    });
  }

  moveRun(...[id, from, change, audit]: Parameters<Archive['moveRun']>): Run | undefined {
    return this.#write('moveRun', () => {
      const stored = this.#get(id);
      if (stored.state.status !== from) {
        return undefined;
      }
      if (!allowedMoves[from].includes(change.status)) {
        throw new Error(`no such transition of a run: ${from} to ${change.status}`);
      }
      stored.state = { ...stored.state, ...change };
      stored.rev = this.#nextRev();
      this.moves.push({ id, from, to: change.status });
      if (audit) {
        this.audits.push(audit);
      }
      return toRun(stored);
    });
  }

  startHost(runId: string, host: number, at: number): boolean {
    return this.#write('startHost', () => {
      const stored = this.#get(runId);
      const found = hostOf(stored, host);
      if (found.row.status !== 'pending') {
        return false;
      }
      this.#change(stored, found, { status: 'running', startedAt: at });
      return true;
    });
  }

  finishHost(runId: string, host: number, result: HostResult): boolean {
    return this.#write('finishHost', () => {
      const stored = this.#get(runId);
      const found = hostOf(stored, host);
      if (isOpen(found.row.status)) {
        this.#finish(stored, found, result);
        return true;
      }
      const late = `${result.status}, ${result.message}, exit code ${result.exitCode}`;
      this.#change(stored, found, { lateResult: found.row.lateResult ?? late });
      return false;
    });
  }

  finishHosts(runId: string, from: readonly HostStatus[], result: HostResult): number {
    return this.#write('finishHosts', () => {
      const stored = this.#get(runId);
      const chosen = stored.hosts.filter(({ row }) => isOpen(row.status) && from.includes(row.status));
      for (const host of chosen) {
        this.#finish(stored, host, result);
      }
      return chosen.length;
    });
  }

  appendOutput(runId: string, chunks: readonly OutputChunk[]): number {
    return this.#write('appendOutput', () => {
      const stored = this.#get(runId);
      for (const chunk of chunks) {
        const host = hostOf(stored, chunk.host);
        if (!isOpen(host.row.status)) {
          stored.omitted += chunk.bytes.length;
          continue;
        }
        stored.output.append(chunk);
        const { [chunk.stream]: totals } = host.row;
        const lines = Math.max(totals.lines, chunk.firstN + chunk.slices - 1);
        const bytes = totals.bytes + chunk.bytes.length;
        this.#change(stored, host, { [chunk.stream]: { ...totals, lines, bytes } });
      }
      return stored.output.lastSeq;
    });
  }

  addOmitted(runId: string, bytes: number): void {
    this.#write('addOmitted', () => {
      const stored = this.#get(runId);
      stored.omitted += bytes;
      stored.rev = this.#nextRev();
    });
  }

  packOutput(runId: string): boolean {
    return this.#write('packOutput', () => {
      const stored = this.#get(runId);
      if (!isFinal(stored.state.status) || stored.packed) {
        return false;
      }
      this.packed.push(runId);
      stored.packed = this.packed.filter((id) => id === runId).length >= this.packSteps;
      return !stored.packed;
    });
  }

  unpackedRuns(limit: number): string[] {
    return [...this.#runs.values()]
      .filter(({ packed, state }) => !packed && isFinal(state.status))
      .slice(0, limit)
      .map(({ given }) => given.id);
  }

  streamDigest(runId: string, host: number, stream: Stream): string {
    return sha256(this.bytesOf(runId, { host, stream }));
  }

  recordAudit(entry: AuditEntry): void {
    this.#write('recordAudit', () => this.audits.push(entry));
  }

  findRun(teamId: string, key: string | number): Run | undefined {
    const stored =
      typeof key === 'number' || /^\d+$/.test(key)
        ? [...this.#runs.values()].find(({ no }) => no === Number(key))
        : this.#runs.get(key);
    return stored?.given.teamId === teamId ? toRun(stored) : undefined;
  }

  getDetail(runId: string): RunDetail {
    const stored = this.#get(runId);
    const { task, options, finalText, textSha256, planSha256, leftAlone } = stored.given;
    return { run: toRun(stored), task, options, finalText, textSha256, planSha256, leftAlone: [...leftAlone] };
  }

  searchRuns(teamId: string, search: RunSearch): RunSlice[] {
    const rows = [...this.#runs.values()]
      .filter(({ given }) => given.teamId === teamId)
      .map((stored) => ({ run: toRun(stored), hosts: stored.hosts.map(({ plan }) => plan) }));
    return [searchMemory(rows, search)];
  }

  lastRuns: Archive['lastRuns'] = (targets) =>
    lastOf(
      [...this.#runs.values()].map((stored) => ({ run: toRun(stored), rows: stored.hosts.map(({ row }) => row) })),
      targets,
    );

  earlierRuns: Archive['earlierRuns'] = (teamId, of) => medianOf([...this.#runs.values()], teamId, of);

  getHosts(runId: string, query: { status?: readonly HostStatus[] | undefined; after: number; limit: number }) {
    return this.#get(runId)
      .hosts.map(({ row }) => row)
      .filter(({ host, status }) => host > query.after && (!query.status || query.status.includes(status)))
      .slice(0, query.limit);
  }

  getPlan(runId: string): PlannedHost[] {
    return this.#get(runId).hosts.map(({ plan }) => plan);
  }

  getLines = (runId: string, range: OutputRange) => this.#get(runId).output.lines(range);
  getRaw: Archive['getRaw'] = (runId, range) => this.#get(runId).output.raw(range);
  seqBeforeTail: Archive['seqBeforeTail'] = (runId, range) => this.#get(runId).output.seqBeforeTail(range);

  /** All stored bytes of a selection, in stored order. */
  bytesOf(runId: string, selection: { host?: number; stream?: Stream } = {}): Uint8Array {
    return this.#get(runId).output.allBytes(selection);
  }

  /** What was appended, in order. */
  chunksOf(runId: string): readonly OutputChunk[] {
    return this.#get(runId).output.chunks;
  }

  currentRev(): number {
    return this.#rev;
  }

  runsSince(teamId: string, rev: number, limit: number): Run[] {
    return [...this.#runs.values()]
      .filter((stored) => stored.given.teamId === teamId && stored.rev > rev)
      .toSorted((one, other) => one.rev - other.rev)
      .slice(0, limit)
      .map(toRun);
  }

  hostsSince(runId: string, rev: number, limit: number): { rev: number; row: HostRow }[] {
    return this.#get(runId)
      .hosts.filter((host) => host.rev > rev)
      .toSorted((one, other) => one.rev - other.rev)
      .slice(0, limit)
      .map((host) => ({ rev: host.rev, row: host.row }));
  }

  unendedRuns(): UnendedRun[] {
    return [...this.#runs.values()]
      .filter(({ state }) => !isFinal(state.status))
      .map(({ given: { id } }) => ({ run: toRun(this.#get(id)), detail: this.getDetail(id), hosts: this.getPlan(id) }));
  }

  /** Runs of every status. */
  countAll(): number {
    return this.#runs.size;
  }

  countLive(): number {
    return this.unendedRuns().length;
  }

  readonly createTarget = this.#targets.createTarget;
  readonly updateTarget = this.#targets.updateTarget;
  readonly removeTargets = this.#targets.removeTargets;
  readonly listTargets = this.#targets.listTargets;
  readonly saveReached = this.#targets.saveReached;
  readonly createCredential = this.#credentials.createCredential;
  readonly updateCredential = this.#credentials.updateCredential;
  readonly removeCredential = this.#credentials.removeCredential;
  readonly listCredentials = this.#credentials.listCredentials;
  readonly listHostKeys = this.#hostKeys.listHostKeys;
  readonly saveHostKey = this.#hostKeys.saveHostKey;
  readonly removeHostKeys = this.#hostKeys.removeHostKeys;
  readonly listSettings = this.#settings.listSettings;
  readonly saveSetting = this.#settings.saveSetting;
  readonly saveSession = this.#sessions.saveSession;
  readonly findSession = this.#sessions.findSession;
  readonly listSessions = this.#sessions.listSessions;
  readonly updateSession = this.#sessions.updateSession;

  #write<T>(name: keyof Archive, act: () => T): T {
    const failure = this.failure(name);
    if (failure) {
      throw failure;
    }
    return act();
  }

  #nextRev(): number {
    this.#rev += 1;
    return this.#rev;
  }

  #get(id: string): StoredRun {
    const stored = this.#runs.get(id);
    if (!stored) {
      throw new Error(`no run ${id}`);
    }
    return stored;
  }

  #finish(stored: StoredRun, host: StoredHost, { out, err, ...result }: HostResult): void {
    this.#change(stored, host, { ...result, out: { ...host.row.out, ...out }, err: { ...host.row.err, ...err } });
  }

  /** Every target has a revision of its own and its run a higher one. */
  #change(stored: StoredRun, host: StoredHost, change: Partial<HostRow>): void {
    host.row = { ...host.row, ...change };
    host.rev = this.#nextRev();
    stored.rev = this.#nextRev();
  }
}

function hostOf({ hosts }: StoredRun, host: number): StoredHost {
  const found = hosts[host];
  if (!found) {
    throw new Error(`no target ${host}`);
  }
  return found;
}

function toRun({ given, no, state, hosts, output, omitted, rev }: StoredRun): Run {
  const { id, name, summary, source, executor, selector, task, rerunOf, createdAt } = given;
  const fixed = { id, no, name, summary, source, executor, selector, rerunOf, createdAt, language: task.language };
  return {
    ...fixed,
    ...state,
    kind: 'quick',
    taskType: task.type,
    firstTarget: hosts[0]?.plan.name ?? '',
    counts: countsOf(hosts.map(({ row }) => row)),
    lastSeq: output.lastSeq,
    outputBytes: output.bytes,
    omittedBytes: omitted,
    purged: null,
    rev,
  };
}
