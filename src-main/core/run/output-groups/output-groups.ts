import type { HostRow, Run, Stream } from '#contract/run';
import type { GroupMasks, GroupsQuery, OutputGroup, RunGroups } from '#contract/run-groups';
import type { Archive, Clock, Digest, PlannedHost } from '#core/ports';
import { Breath } from '../breath.ts';
import { type Digested, type Fold, foldHosts, ungroupedAs } from './fold-hosts.ts';
import { excerptLines, excerptOf } from './excerpt-of.ts';
import { byteText, maskOf } from './mask-output.ts';

type Parts = {
  readonly archive: Pick<Archive, 'getHosts' | 'getPlan' | 'getRaw' | 'getLines' | 'streamDigest'>;
  readonly clock: Clock;
  readonly digest: Digest;
};

type Asked = Pick<GroupsQuery, 'masks' | 'stream' | 'limit'>;

/** A stream that is longer is compared as it was stored. */
const mostMasked = 1_000_000;
const hostPage = 500;
/** Runs whose digests are kept, and for how long after they were asked for; of each, under so many combinations of masks. */
const runsKept = 4;
const keptMs = 60_000;
const masksKept = 3;

type Known = { readonly bytes: number; readonly key: string };

/** What was digested of one run: a finished stream is read once for each combination of masks. */
type Kept = { readonly byMasks: Map<string, Map<string, Known>>; readonly askedAt: number };

const encoder = new TextEncoder();

/** Folds the targets of runs by their output; reads in slices, so that nobody else has to wait. */
export class OutputGroups {
  readonly #parts: Parts;
  readonly #kept = new Map<string, Kept>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async of(run: Pick<Run, 'id'>, { masks, stream, limit }: Asked): Promise<RunGroups> {
    const breath = new Breath(this.#parts.clock);
    const streams: readonly Stream[] = stream === 'both' ? ['out', 'err'] : [stream];
    const known = this.#knownOf(run.id, masks);
    const plan = masks.hosts ? this.#parts.archive.getPlan(run.id) : [];
    const ungrouped = { pending: 0, running: 0, skipped: 0, unreached: 0 };
    const digested: Digested[] = [];
    for await (const row of this.#rows(run.id, breath)) {
      const without = ungroupedAs(row);
      if (without) {
        ungrouped[without] += 1;
        continue;
      }
      const reading = { runId: run.id, row, masks, known, breath, target: plan[row.host] ?? row };
      const keys: string[] = [];
      for (const one of streams) {
        keys.push(await this.#keyOf(reading, one));
      }
      const unmasked = isMasking(masks) && streams.some((one) => row[one].bytes > mostMasked);
      digested.push({ row, key: keys.join(' '), unmasked });
      await breath.taken();
    }
    const folds = foldHosts(digested, streams);
    const groups: OutputGroup[] = [];
    for (const fold of folds.slice(0, limit)) {
      groups.push(this.#groupOf(run.id, fold, stream));
      await breath.taken();
    }
    return { groups, total: { groups: folds.length, hosts: digested.length }, ungrouped };
  }

  async *#rows(runId: string, breath: Breath): AsyncGenerator<HostRow> {
    for (let after = -1; ;) {
      const rows = this.#parts.archive.getHosts(runId, { after, limit: hostPage });
      yield* rows;
      const last = rows.at(-1);
      if (!last || rows.length < hostPage) {
        return;
      }
      after = last.host;
      await breath.taken();
    }
  }

  #groupOf(runId: string, { key, first, group }: Fold, stream: Asked['stream']): OutputGroup {
    const { archive, digest } = this.#parts;
    const lines = archive.getLines(runId, {
      host: first.host,
      ...(stream !== 'both' && { stream }),
      after: 0,
      limit: excerptLines,
    });
    return { digest: digest.of(key), ...group, ...excerptOf(lines, group.lines) };
  }

  /** What stands for one finished stream: equal exactly when it counts as the same output. */
  async #keyOf(reading: Reading, stream: Stream): Promise<string> {
    const { runId, row, masks, known } = reading;
    const { bytes, sha256, omitted } = row[stream];
    if (bytes === 0) {
      return `empty ${omitted}`;
    }
    if (!isMasking(masks) || bytes > mostMasked) {
      return `whole ${bytes} ${omitted} ${sha256 ?? this.#parts.archive.streamDigest(runId, row.host, stream)}`;
    }
    const place = `${row.host} ${stream}`;
    const before = known.get(place);
    if (before?.bytes === bytes) {
      return before.key;
    }
    const key = `masked ${await this.#maskedDigest(reading, stream)} ${omitted}`;
    known.set(place, { bytes, key });
    return key;
  }

  async #maskedDigest({ runId, row, masks, target, breath }: Reading, stream: Stream): Promise<string> {
    const text = this.#textOf(runId, row.host, stream);
    const hash = this.#parts.digest.start();
    for (const piece of maskOf(masks, target)?.(text) ?? [text]) {
      hash.update(encoder.encode(piece));
      await breath.taken();
    }
    return hash.hex();
  }

  #textOf(runId: string, host: number, stream: Stream): string {
    const pieces: string[] = [];
    for (let after = 0; ;) {
      const chunks = this.#parts.archive.getRaw(runId, { host, stream, after });
      const last = chunks.at(-1);
      if (!last) {
        return pieces.join('');
      }
      pieces.push(...chunks.map((chunk) => byteText(chunk.bytes)));
      after = last.lastSeq;
    }
  }

  #knownOf(runId: string, masks: GroupMasks): Map<string, Known> {
    const now = this.#parts.clock.monotonic();
    for (const [id, { askedAt }] of this.#kept) {
      if (now - askedAt > keptMs) {
        this.#kept.delete(id);
      }
    }
    const byMasks = this.#kept.get(runId)?.byMasks ?? new Map<string, Map<string, Known>>();
    keepLast(this.#kept, [runId, { byMasks, askedAt: now }], runsKept);
    const name = `${masks.hosts} ${masks.times} ${masks.numbers}`;
    const known = byMasks.get(name) ?? new Map<string, Known>();
    keepLast(byMasks, [name, known], masksKept);
    return known;
  }
}

type Reading = {
  readonly runId: string;
  readonly row: HostRow;
  readonly masks: GroupMasks;
  readonly known: Map<string, Known>;
  readonly breath: Breath;
  readonly target: Pick<PlannedHost, 'name' | 'address'>;
};

const isMasking = (masks: GroupMasks): boolean => masks.hosts || masks.times || masks.numbers;

/** Puts an entry last; the first ones go for it when there are too many. */
function keepLast<V>(map: Map<string, V>, [key, value]: readonly [string, V], most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const old of [...map.keys()].slice(0, Math.max(0, map.size - most))) {
    map.delete(old);
  }
}
