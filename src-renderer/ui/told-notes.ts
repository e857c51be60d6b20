export type Told = {
  readonly title?: string;
  readonly message: string;
  readonly kind?: 'error';
  readonly forMs?: number;
};

export type Note = Told & { readonly id: number };

const briefMs = 4_000;

/** Errors that are kept; of older ones nobody has closed only the newest are worth the room. */
const mostErrors = 5;

/** What is said in passing: one brief note at a time, which goes by itself, and errors, which stay until they are closed. */
export class ToldNotes {
  #brief: Note | null = null;
  #errors: readonly Note[] = [];
  #next = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();

  get brief(): Note | null {
    return this.#brief;
  }

  /** The newest first. */
  get errors(): readonly Note[] {
    return this.#errors;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  tell(told: Told): void {
    const note = { ...told, id: this.#next++ };
    if (told.kind === 'error') {
      // The same failure again takes the place of the first.
      const others = this.#errors.filter(({ title, message }) => title !== told.title || message !== told.message);
      this.#errors = [note, ...others].slice(0, mostErrors);
    } else {
      this.#brief = note;
      this.release();
    }
    this.#changed();
  }

  close(id: number): void {
    this.#errors = this.#errors.filter((note) => note.id !== id);
    if (this.#brief?.id === id) {
      this.#brief = null;
      clearTimeout(this.#timer);
    }
    this.#changed();
  }

  /** Somebody points at the brief note, and may still be reading it. */
  hold = (): void => clearTimeout(this.#timer);

  /** From now on the brief note's time runs anew. */
  release = (): void => {
    clearTimeout(this.#timer);
    const note = this.#brief;
    if (note) {
      this.#timer = setTimeout(() => this.close(note.id), note.forMs ?? briefMs);
    }
  };

  #changed(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

export const toldNotes = new ToldNotes();
