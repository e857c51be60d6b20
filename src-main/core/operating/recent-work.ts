type Work = { readonly name: string; readonly ms: number };

/** What is not worth a name: thousands of such pieces make up an ordinary second. */
const leastMs = 1;
const mostNames = 200;

/** What kept the main loop busy of late, by name. */
export class RecentWork {
  readonly #ms = new Map<string, number>();

  /** `ms` is how long a piece of work let nothing else through. */
  readonly note = (name: string, ms: number): void => {
    if (ms >= leastMs && (this.#ms.has(name) || this.#ms.size < mostNames)) {
      this.#ms.set(name, (this.#ms.get(name) ?? 0) + ms);
    }
  };

  /** The longest since it was asked last, the longest first. */
  take(most = 3): Work[] {
    const all = [...this.#ms].map(([name, ms]) => ({ name, ms: Math.round(ms) }));
    this.#ms.clear();
    return all.toSorted((one, other) => other.ms - one.ms).slice(0, most);
  }
}
