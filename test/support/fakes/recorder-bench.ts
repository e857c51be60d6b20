import type { OutputLine, Stream } from '#contract/run';
import { type OutputLimits, OutputRecorder } from '#core/run/output-recorder';
import { CollectingLog } from './collecting-log.ts';
import { storeRun } from './engine-rig.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeDisk } from './fake-disk.ts';
import { MemoryArchive } from './memory-archive.ts';
import { nodeDigest } from './node-digest.ts';

/** Text as bytes. */
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A recorder of one run whose targets work, over fakes. */
export class RecorderBench {
  readonly clock = new FakeClock();
  readonly archive = new MemoryArchive();
  readonly disk = new FakeDisk();
  readonly log = new CollectingLog();
  readonly id: string;
  readonly recorder: OutputRecorder;
  /** What was stored when watchers were last told. */
  seen: string[] = [];

  constructor(limits: Partial<OutputLimits> = {}, hosts = 2) {
    this.id = storeRun(this.archive, hosts);
    for (let host = 0; host < hosts; host += 1) {
      this.archive.startHost(this.id, host, this.clock.now());
    }
    const { archive, clock, disk, log } = this;
    this.recorder = new OutputRecorder(
      { archive, clock, disk, log, digest: nodeDigest },
      {
        id: this.id,
        limits: () => ({ perStream: 1e9, perRun: 1e10, minFreeShare: 0.05, ...limits }),
        onStored: () => {
          this.seen = this.lines();
        },
      },
    );
  }

  write(text: string | Uint8Array, stream: Stream = 'out', host = 0): void {
    this.recorder.write(host, stream, typeof text === 'string' ? bytes(text) : text);
  }

  /** All stored lines, page by page. */
  wholeLines(): OutputLine[] {
    const lines: OutputLine[] = [];
    for (;;) {
      const page = this.archive.getLines(this.id, { after: lines.at(-1)?.seq ?? 0, limit: 100_000 });
      if (page.length === 0) {
        return lines;
      }
      lines.push(...page);
    }
  }

  lines(): string[] {
    return this.wholeLines().map(({ text }) => text);
  }

  stored(host = 0, stream: Stream = 'out'): string {
    return Buffer.from(this.archive.bytesOf(this.id, { host, stream })).toString();
  }

  get omitted(): number {
    return this.archive.getDetail(this.id).run.omittedBytes;
  }
}
