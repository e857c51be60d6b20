import type { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import type { OutputFrame, OutputLine, Run, Stream } from '#contract/run';
import { followSteadily, type Gate } from '../../client/follow-steadily.ts';
import type { TerminalHandle } from '../../ui/terminal-view.tsx';
import {
  appendLines,
  emptyWindow,
  extendLines,
  pageSize,
  prependLines,
  windowAround,
  type WindowState,
} from './output-window.ts';

export type OutputScope = { readonly run: number; readonly host?: number; readonly stream?: Stream };

export type OutputInfo = {
  readonly count: number;
  readonly atStart: boolean;
  readonly atEnd: boolean;
  /** The last lines and what came since: nobody has looked further back. */
  readonly isTail: boolean;
  /** The feed has said that nothing more will come. */
  readonly ended: boolean;
  readonly paging: boolean;
  readonly error: DroverError | null;
};

export const noOutput: OutputInfo = {
  count: 0,
  atStart: true,
  atEnd: true,
  isTail: true,
  ended: false,
  paging: false,
  error: null,
};

/** Lines to either side of one that was looked for. */
const halfPage = 400;

type Screen = Pick<TerminalHandle, 'append' | 'replace'>;

export type ReaderParts = {
  readonly client: DroverClient;
  readonly gate: Gate;
  readonly screen: () => Screen | null;
  readonly onInfo: (info: OutputInfo) => void;
  readonly onEnd: (run: Run) => void;
};

/** Reads the output of a run into a window of lines: the end first and live, the rest by pages when it is asked for. */
export class OutputReader {
  readonly #parts: ReaderParts;
  readonly #scope: OutputScope;
  readonly #tail: number;
  #window: WindowState = emptyWindow;
  #feed = new AbortController();
  #info: OutputInfo = noOutput;
  #wanted = 0;
  #onItsWay: Promise<void> = Promise.resolve();

  constructor(scope: OutputScope, tail: number, parts: ReaderParts) {
    this.#scope = scope;
    this.#tail = tail;
    this.#parts = parts;
  }

  get lines(): readonly OutputLine[] {
    return this.#window.lines;
  }

  /** Begins with the last lines and goes on with what comes. */
  start(): void {
    this.#feed.abort();
    this.#feed = new AbortController();
    this.#window = emptyWindow;
    this.#parts.screen()?.replace([], 'end');
    this.#tell({ ...noOutput });
    void this.#follow(this.#feed.signal);
  }

  stop(): void {
    this.#feed.abort();
  }

  /** The page before the first line. */
  earlier = (): Promise<void> => {
    const first = this.#window.lines[0]?.seq;
    if (this.#window.atStart || first === undefined || first <= 1) {
      return Promise.resolve();
    }
    return this.#page({ before: first }, (page) => {
      this.#window = prependLines(this.#window, page);
      this.#parts.screen()?.replace(this.#window.lines, 'stay');
    });
  };

  /** The page after the last line, where the end had to leave the window. */
  later = (): Promise<void> => {
    const last = this.#window.lines.at(-1)?.seq;
    if (this.#window.atEnd || last === undefined) {
      return Promise.resolve();
    }
    return this.#page({ after: last }, (page) => {
      this.#window = extendLines(this.#window, page);
      this.#parts.screen()?.replace(this.#window.lines, 'stay');
    });
  };

  /** The first page of all; what comes later is out of the window then. */
  fromStart = (): Promise<void> =>
    this.#page({ after: 0 }, (page) => {
      this.#window = { lines: page.lines, atStart: true, atEnd: !page.more };
      this.#parts.screen()?.replace(this.#window.lines, 'start');
    });

  /**
   * The page around a line, where that is not in the window; waits for a page that is on its way. Gives whether the line
   * is still the one that was wanted last.
   */
  show = async (seq: number): Promise<boolean> => {
    this.#wanted = seq;
    await this.#onItsWay;
    if (this.#wanted !== seq || this.#window.lines.some((line) => line.seq === seq)) {
      return this.#wanted === seq;
    }
    const before = this.#parts.client.call('run.lines', { ...this.#scope, before: seq, limit: halfPage });
    this.#onItsWay = this.#page({ after: seq - 1, limit: halfPage }, async (page) => {
      this.#window = windowAround(this.#window, await before, page);
      this.#parts.screen()?.replace(this.#window.lines, 'stay');
    });
    await Promise.allSettled([this.#onItsWay, before]);
    return this.#wanted === seq;
  };

  async #page(
    range: { before?: number; after?: number; limit?: number },
    take: (page: { lines: OutputLine[]; more: boolean }) => void | Promise<void>,
  ): Promise<void> {
    if (this.#info.paging) {
      return;
    }
    const { signal } = this.#feed;
    this.#tell({ paging: true });
    try {
      const page = await this.#parts.client.call('run.lines', {
        ...this.#scope,
        limit: pageSize(this.#window.lines),
        ...range,
      });
      if (!signal.aborted) {
        await take(page);
        this.#tell({ paging: false, isTail: false, error: null });
      }
    } catch (error) {
      if (!signal.aborted && error instanceof DroverError) {
        this.#tell({ paging: false, error });
      }
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { client, gate } = this.#parts;
    try {
      await followSteadily(
        { client, gate },
        {
          name: 'run.output',
          input: { ...this.#scope, tail: this.#tail },
          resume: (_input, after) => ({ ...this.#scope, after }),
        },
        { signal, onItem: (frame) => this.#take(frame) },
      );
      if (!signal.aborted) {
        this.#tell({ ended: true });
      }
    } catch (error) {
      if (!signal.aborted && error instanceof DroverError) {
        this.#tell({ error });
      }
    }
  }

  get #isPart(): boolean {
    return this.#scope.host !== undefined || this.#scope.stream !== undefined;
  }

  /** Finds out whether anything of this target or stream stands before a line. */
  async #lookBefore(first: number): Promise<void> {
    const { signal } = this.#feed;
    const found = await this.#parts.client.call('run.lines', { ...this.#scope, before: first, limit: 1 }).then(
      ({ lines }) => lines.length > 0,
      // The bar that offers earlier lines says what is wrong when it is used.
      () => true,
    );
    if (found && !signal.aborted && this.#window.lines[0]?.seq === first) {
      this.#window = { ...this.#window, atStart: false };
      this.#tell({});
    }
  }

  #take(frame: OutputFrame): void {
    if (frame.kind === 'final') {
      this.#parts.onEnd(frame.run);
      this.#tell({ ended: true });
      return;
    }
    const wasEmpty = this.#window.lines.length === 0;
    const { state, fresh } = appendLines(this.#window, frame.lines);
    const first = state.lines[0]?.seq;
    // Lines are counted over the whole run: of one target or stream the first may have any number.
    this.#window = wasEmpty ? { ...state, atStart: this.#isPart || first === 1 } : state;
    if (wasEmpty && this.#isPart && first !== undefined && first > 1) {
      void this.#lookBefore(first);
    }
    if (fresh.length > 0) {
      this.#parts.screen()?.append(fresh);
      this.#tell({});
    }
  }

  #tell(change: Partial<OutputInfo>): void {
    const { lines, atStart, atEnd } = this.#window;
    this.#info = { ...this.#info, ...change, count: lines.length, atStart, atEnd };
    this.#parts.onInfo(this.#info);
  }
}
