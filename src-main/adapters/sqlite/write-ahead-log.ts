import { readFileSync, statSync } from 'node:fs';

const headerBytes = 32;
const frameHeaderBytes = 24;
const magic = 0x377f0682;

/**
 * `whole`: SQLite will find all that was committed. `torn`: it will stop before commits that stand behind a damaged
 * frame, which a power cut can leave of output that was not flushed yet. `unreadable`: it would take the log for empty.
 */
export type LogState = 'none' | 'whole' | 'torn' | 'unreadable';

/**
 * Looks through the write-ahead log that a crash has left, as SQLite's file format describes it, because SQLite passes
 * over whatever it cannot check without a word.
 */
export function stateOfLog(file: string): LogState {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) {
    return 'none';
  }
  const log = readFileSync(file);
  const header = headerOf(log);
  if (!header) {
    return 'unreadable';
  }
  const { pageSize, salts, read } = header;
  const frameBytes = frameHeaderBytes + pageSize;
  let sums: Sums | undefined = header.sums;
  for (let at = headerBytes; at + frameBytes <= log.length; at += frameBytes) {
    const frame = log.subarray(at, at + frameBytes);
    if (sums && (!frame.subarray(8, 16).equals(salts) || !isChecked(frame, (sums = sumOf(frame, sums, read))))) {
      sums = undefined;
    }
    // Frames of an earlier round through the file have other salts.
    if (!sums && frame.subarray(8, 16).equals(salts) && frame.readUInt32BE(4) !== 0) {
      return 'torn';
    }
  }
  return 'whole';
}

type Sums = readonly [number, number];
type ReadWord = (bytes: Buffer, at: number) => number;
type Header = { readonly pageSize: number; readonly salts: Buffer; readonly sums: Sums; readonly read: ReadWord };

function headerOf(log: Buffer): Header | undefined {
  if (log.length < headerBytes || (log.readUInt32BE(0) & ~1) >>> 0 !== magic) {
    return undefined;
  }
  const read: ReadWord =
    (log.readUInt32BE(0) & 1) === 1 ? (bytes, at) => bytes.readInt32BE(at) : (bytes, at) => bytes.readInt32LE(at);
  const sums = checksum(log.subarray(0, 24), [0, 0], read);
  const pageSize = log.readUInt32BE(8);
  const isTrue = sums[0] === log.readInt32BE(24) && sums[1] === log.readInt32BE(28);
  return isTrue && pageSize >= 512 && pageSize <= 65_536
    ? { pageSize, salts: log.subarray(16, 24), sums, read }
    : undefined;
}

const sumOf = (frame: Buffer, before: Sums, read: ReadWord): Sums =>
  checksum(frame.subarray(frameHeaderBytes), checksum(frame.subarray(0, 8), before, read), read);

const isChecked = (frame: Buffer, sums: Sums): boolean =>
  sums[0] === frame.readInt32BE(16) && sums[1] === frame.readInt32BE(20);

/** SQLite's two running sums over pairs of 32-bit words. */
function checksum(bytes: Buffer, before: Sums, read: ReadWord): Sums {
  let [one, two] = before;
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    one = (one + read(bytes, at) + two) | 0;
    two = (two + read(bytes, at + 4) + one) | 0;
  }
  return [one, two];
}
