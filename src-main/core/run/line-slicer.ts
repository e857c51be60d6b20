const lf = 0x0a;
export const maxSliceBytes = 64 * 1024;

/**
 * Consecutive slices of one stream, as the archive stores them: whole lines, each ended by LF, and at most one last
 * slice without it, whose line goes on in the stream's next chunk. A reader therefore cuts at LF and nowhere else.
 */
export type Slices = { readonly bytes: Uint8Array; readonly slices: number; readonly firstN: number };

/** Where to cut at or before `limit` without splitting a UTF-8 character; invalid bytes are cut anywhere. */
function utf8Cut(bytes: Uint8Array, limit: number): number {
  const end = Math.min(limit, bytes.length);
  for (let back = 1; back <= Math.min(3, end); back += 1) {
    const byte = bytes[end - back] ?? 0;
    if ((byte & 0xc0) !== 0x80) {
      const width = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
      return width > back ? end - back : end;
    }
  }
  return end;
}

/** Cuts the bytes of one stream into numbered slices of at most 64 KB, over the borders of the pieces they come in. */
export class LineSlicer {
  #rest: Uint8Array = new Uint8Array(0);
  #n = 1;

  /** Bytes that wait for the end of their line. */
  get waiting(): number {
    return this.#rest.length;
  }

  /** The slices that `bytes` completes; they may share its memory. */
  push(bytes: Uint8Array): Slices[] {
    const all = this.#rest.length === 0 ? bytes : joined(this.#rest, bytes);
    const found: Slices[] = [];
    let group = { from: 0, slices: 0, firstN: this.#n };
    const close = (end: number): void => {
      if (end > group.from) {
        found.push({ bytes: all.subarray(group.from, end), slices: group.slices, firstN: group.firstN });
      }
      group = { from: end, slices: 0, firstN: this.#n };
    };
    let from = 0;
    for (;;) {
      const newline = all.indexOf(lf, from);
      const length = (newline < 0 ? all.length : newline) - from;
      if (length > maxSliceBytes) {
        from += utf8Cut(all.subarray(from, from + maxSliceBytes), maxSliceBytes);
        group.slices += 1;
        close(from);
        continue;
      }
      if (newline < 0) {
        break;
      }
      group.slices += 1;
      this.#n += 1;
      from = newline + 1;
    }
    close(from);
    // Not `slice`: that of a Node Buffer gives a view of the caller's memory.
    this.#rest = new Uint8Array(all.subarray(from));
    return found;
  }

  /** Counts the lines of bytes that are not kept; gives what waited before them, as an open slice. */
  skip(bytes: Uint8Array): Slices | undefined {
    const rest = this.end();
    for (let at = bytes.indexOf(lf); at >= 0; at = bytes.indexOf(lf, at + 1)) {
      this.#n += 1;
    }
    return rest;
  }

  /** What waits, as an open slice, so that a prompt or a progress bar is seen; an unfinished character stays back. */
  flush(): Slices | undefined {
    return this.#take(utf8Cut(this.#rest, this.#rest.length));
  }

  /** The last bytes of the stream, whatever they are. */
  end(): Slices | undefined {
    return this.#take(this.#rest.length);
  }

  #take(end: number): Slices | undefined {
    if (end === 0) {
      return undefined;
    }
    const bytes = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end);
    return { bytes, slices: 1, firstN: this.#n };
  }
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const all = new Uint8Array(head.length + tail.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
}
