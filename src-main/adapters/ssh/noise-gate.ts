/** What is kept of the words before the token, for messages. */
const keptBytes = 4_096;

/** Longest line behind the token. */
const longestLine = 16_384;

/** Holds a stream back until a token has come, so that what start-up files and banners of the far side say is not output. */
export class NoiseGate {
  readonly #token: Buffer;
  #held: Buffer = Buffer.alloc(0);
  #isOpen = false;

  constructor(token: string) {
    this.#token = Buffer.from(token);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** What came before the token, or its end. */
  get noise(): string {
    return this.#held.toString('utf8');
  }

  /**
   * Undefined while the line with the token is not whole; then once what stood behind the token on its line, and the bytes
   * after that line; afterwards the bytes as they are.
   */
  take(bytes: Buffer): { line: string | undefined; rest: Buffer } | undefined {
    if (this.#isOpen) {
      return { line: undefined, rest: bytes };
    }
    const all = Buffer.concat([this.#held, bytes]);
    const at = all.indexOf(this.#token);
    const end = at < 0 ? -1 : all.indexOf(0x0a, at);
    if (end < 0) {
      // A token that has begun is not cut, unless what follows it is no line that we know: then it is noise like the rest.
      const isOurs = at >= 0 && all.length - at <= longestLine;
      this.#held = all.subarray(Math.max(0, (isOurs ? at : all.length) - keptBytes));
      return undefined;
    }
    this.#isOpen = true;
    this.#held = all.subarray(0, at);
    return { line: all.toString('utf8', at + this.#token.length, end).trim(), rest: all.subarray(end + 1) };
  }
}
