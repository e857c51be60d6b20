import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { OutputLine } from '#contract/run';
import { matchColours, terminalColours } from './terminal-colours.ts';
import { cellsOf, mostLines, RowBudget, unwrappedColumns } from './terminal-limits.ts';
import { gutterWidth, type LineLayout, LineWriter } from './terminal-lines.ts';
import { indexFrom, linesFromRow, rowFromLines } from './terminal-place.ts';
import { selectedText } from './terminal-selection.ts';

export type ScreenEvents = {
  /** Whether the end of the output is in view, so that new lines show by themselves. */
  onFollow: (following: boolean) => void;
  /** The first loaded line, or the last one, came into view by scrolling. */
  onEdge: (edge: 'start' | 'end') => void;
};

export type ScreenView = { readonly layout: LineLayout; readonly wrap: boolean; readonly scheme: 'light' | 'dark' };

/** Where the reader stands after all lines were written anew; `stay` is at the same line as before. */
export type Anchor = 'end' | 'start' | 'stay';

const linesAtOnce = 2_000;
const scrollbarWidth = 14;
/** Rows beyond those that are known to be needed. */
const spareRows = 2_000;

/** An xterm that only shows: no key, mouse or answer of it ever leaves. */
export class TerminalScreen {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon({ highlightLimit: 2_000 });
  readonly #frame: HTMLElement;
  readonly #host: HTMLElement;
  readonly #events: ScreenEvents;
  readonly #resize: ResizeObserver;
  #view: ScreenView;
  #writer: LineWriter;
  #pending: OutputLine[] = [];
  #writing = false;
  #following = true;
  #gone = false;
  #longest = 0;
  readonly #budget = new RowBudget();
  /** Numbers of the lines that began a row, in order. */
  #begun: number[] = [];

  constructor(frame: HTMLElement, view: ScreenView, events: ScreenEvents) {
    this.#frame = frame;
    this.#view = view;
    this.#events = events;
    this.#writer = new LineWriter(view.layout);
    this.#host = document.createElement('div');
    this.#host.className = 'terminal-host';
    frame.append(this.#host);
    this.#terminal = new Terminal({
      allowProposedApi: true,
      disableStdin: true,
      cursorBlink: false,
      cursorStyle: 'bar',
      cursorInactiveStyle: 'none',
      fontFamily: "'JetBrains Mono', ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace",
      fontSize: 12,
      lineHeight: 1.35,
      minimumContrastRatio: 4.5,
      scrollback: spareRows,
      // As far as the browser itself scrolls.
      scrollSensitivity: 2,
      theme: terminalColours[view.scheme],
      windowOptions: {},
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.loadAddon(this.#search);
    this.#terminal.attachCustomKeyEventHandler(() => false);
    this.#terminal.open(this.#host);
    this.#terminal.onScroll(() => this.#noteScroll());
    frame.addEventListener('wheel', this.#onWheel, { passive: true });
    frame.addEventListener('copy', this.#onCopy, { capture: true });
    this.#resize = new ResizeObserver(() => this.fit());
    this.#resize.observe(frame);
    this.fit();
    this.#remeasureWithFont();
  }

  /** Names the field that takes the focus for keyboard scrolling. */
  set label(text: string) {
    const field = this.#terminal.textarea;
    if (field) {
      field.readOnly = true;
      field.setAttribute('aria-label', text);
    }
  }

  /** Lines at the end; shown at once, or in slices while more come than can be drawn. */
  append(lines: readonly OutputLine[]): void {
    for (const line of lines) {
      this.#pending.push(line);
    }
    if (!this.#writing) {
      this.#flush();
    }
  }

  /** All lines anew. */
  replace(lines: readonly OutputLine[], anchor: Anchor): void {
    const top = this.#firstSeen();
    this.#budget.clear();
    this.#begun = [];
    this.#writer = new LineWriter(this.#view.layout);
    this.#pending = [];
    this.#longest = 0;
    const text = this.#textOf(lines);
    this.#widen();
    this.#writing = true;
    // The reset takes its turn behind what is still being written.
    this.#terminal.write(`\u001Bc${text}`, () => {
      this.#writing = false;
      if (this.#gone) {
        return;
      }
      if (anchor === 'end') {
        this.#terminal.scrollToBottom();
      } else {
        this.#terminal.scrollToLine(anchor === 'start' ? 0 : this.#rowOf(top));
      }
      this.#noteScroll();
      this.#flush();
    });
  }

  set view(view: ScreenView) {
    this.#view = view;
    this.#terminal.options.theme = terminalColours[view.scheme];
  }

  /** Brings a line into view and marks the first place in it where the text stands, or all of it. */
  mark(seq: number, text: string, isSameCase: boolean): void {
    // Takes its turn behind what is still being written.
    this.#terminal.write('', () => {
      if (!this.#gone) {
        this.#markNow(seq, text, isSameCase);
      }
    });
  }

  endMark(): void {
    this.#search.clearDecorations();
    this.#terminal.clearSelection();
  }

  scrollToEnd(): void {
    this.#terminal.scrollToBottom();
    this.#noteScroll();
  }

  scrollToStart(): void {
    this.#terminal.scrollToTop();
    this.#noteScroll();
  }

  /** Keys that scroll; true when the key was one of them. */
  scrollBy(key: string): boolean {
    const { rows } = this.#terminal;
    const steps: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, PageUp: 1 - rows, PageDown: rows - 1 };
    const step = steps[key];
    if (step !== undefined) {
      this.#terminal.scrollLines(step);
      this.#noteEdge(step);
    } else if (key === 'Home') {
      this.scrollToStart();
      this.#noteEdge(-1);
    } else if (key === 'End') {
      this.scrollToEnd();
    } else {
      return false;
    }
    return true;
  }

  /** What is selected, without the gutter; empty when nothing is. */
  selection(): string {
    return selectedText(this.#terminal, gutterWidth(this.#view.layout));
  }

  fit(): void {
    this.#host.style.width = '';
    const proposed = this.#fit.proposeDimensions();
    if (!proposed || Number.isNaN(proposed.cols) || this.#frame.clientHeight === 0) {
      return;
    }
    const columns = this.#columnsFor(proposed.cols);
    if (columns > proposed.cols) {
      const cell = (this.#frame.clientWidth - scrollbarWidth) / proposed.cols;
      this.#host.style.width = `${Math.ceil(columns * cell) + scrollbarWidth}px`;
    }
    const follows = this.#following;
    this.#budget.columns = columns;
    this.#makeRoom();
    this.#terminal.resize(columns, proposed.rows);
    if (follows) {
      this.#terminal.scrollToBottom();
    }
  }

  dispose(): void {
    this.#gone = true;
    this.#resize.disconnect();
    this.#frame.removeEventListener('wheel', this.#onWheel);
    this.#frame.removeEventListener('copy', this.#onCopy, { capture: true });
    this.#pending = [];
    this.#terminal.dispose();
    this.#host.remove();
  }

  #columnsFor(fitting: number): number {
    return this.#view.wrap ? fitting : unwrappedColumns(fitting, this.#longest, this.#budget.lines);
  }

  #widen(): void {
    if (!this.#view.wrap && unwrappedColumns(0, this.#longest, this.#budget.lines) > this.#terminal.cols) {
      this.fit();
    }
    this.#makeRoom();
  }

  /** Keeps as many rows as the loaded lines take, and gives back what a wider view no longer needs. */
  #makeRoom(): void {
    const needed = this.#budget.rows + spareRows;
    const { scrollback = 0 } = this.#terminal.options;
    if (needed > scrollback || needed * 3 < scrollback) {
      this.#terminal.options.scrollback = Math.ceil(needed * 1.25);
    }
  }

  /** Number of the first line in view. */
  #firstSeen(): number {
    const buffer = this.#terminal.buffer.active;
    const below = linesFromRow(buffer, buffer.viewportY);
    return this.#begun[Math.max(0, this.#begun.length - below)] ?? 0;
  }

  #markNow(seq: number, text: string, isSameCase: boolean): void {
    const terminal = this.#terminal;
    const [row, next] = [this.#rowAt(seq), this.#rowAt(seq, 1)];
    terminal.scrollToLine(Math.max(0, row - Math.floor(terminal.rows / 3)));
    terminal.select(0, row, 1);
    const { matchBackground, activeMatchBackground, activeMatchBorder } = matchColours[this.#view.scheme];
    this.#search.findNext(text, {
      incremental: true,
      caseSensitive: isSameCase,
      decorations: {
        matchBackground,
        activeMatchBackground,
        activeMatchBorder,
        matchOverviewRuler: activeMatchBackground,
        activeMatchColorOverviewRuler: activeMatchBorder,
      },
    });
    const found = terminal.getSelectionPosition()?.start.y ?? -1;
    if (found < row || found >= next) {
      // What was found in the stored line is drawn in another way.
      terminal.scrollToLine(Math.max(0, row - Math.floor(terminal.rows / 3)));
      terminal.select(0, row, terminal.cols);
    }
    this.#noteScroll();
  }

  /** Where the line begins that holds a number, or one that is so many lines later. */
  #rowAt(seq: number, later = 0): number {
    const before = indexFrom(this.#begun, seq + 1) - 1 + later;
    const { active } = this.#terminal.buffer;
    return before >= this.#begun.length ? active.length : rowFromLines(active, this.#begun.length - before);
  }

  #rowOf(seq: number): number {
    return rowFromLines(this.#terminal.buffer.active, this.#begun.length - indexFrom(this.#begun, seq));
  }

  #textOf(lines: readonly OutputLine[]): string {
    const gutter = gutterWidth(this.#view.layout);
    let text = '';
    for (const line of lines) {
      const cells = cellsOf(line.text) + gutter;
      this.#longest = Math.max(this.#longest, cells);
      this.#budget.add(cells);
      const written = this.#writer.write(line);
      text += written.text;
      if (written.begins) {
        this.#begun.push(line.seq);
      }
    }
    if (this.#begun.length > 3 * mostLines) {
      this.#begun = this.#begun.slice(-mostLines);
    }
    return text;
  }

  /** Writes a slice and the next one when that is drawn, so that keys and clicks come between. */
  #flush(): void {
    if (this.#pending.length === 0) {
      return;
    }
    const surplus = this.#pending.length - mostLines;
    if (surplus > 0) {
      // These would have scrolled out of reach before anybody saw them; their colours still count.
      this.#textOf(this.#pending.splice(0, surplus));
    }
    const text = this.#textOf(this.#pending.splice(0, linesAtOnce));
    this.#widen();
    this.#writing = true;
    this.#terminal.write(text, () => {
      this.#writing = false;
      if (this.#pending.length > 0) {
        requestAnimationFrame(() => this.#gone || this.#writing || this.#flush());
      }
    });
  }

  #noteScroll(): void {
    const { viewportY, baseY } = this.#terminal.buffer.active;
    const following = viewportY >= baseY;
    if (following !== this.#following) {
      this.#following = following;
      this.#events.onFollow(following);
    }
  }

  #noteEdge(step: number): void {
    const { viewportY, baseY } = this.#terminal.buffer.active;
    if (step < 0 && viewportY === 0) {
      this.#events.onEdge('start');
    } else if (step > 0 && viewportY >= baseY) {
      this.#events.onEdge('end');
    }
    this.#noteScroll();
  }

  readonly #onWheel = (event: WheelEvent): void => {
    requestAnimationFrame(() => this.#gone || this.#noteEdge(event.deltaY));
  };

  readonly #onCopy = (event: ClipboardEvent): void => {
    const text = this.selection();
    if (text !== '' && event.clipboardData) {
      event.clipboardData.setData('text/plain', text);
      event.preventDefault();
      event.stopPropagation();
    }
  };

  /** Cells were measured with whatever font was there first. */
  #remeasureWithFont(): void {
    if (document.fonts.check('12px "JetBrains Mono"')) {
      return;
    }
    void document.fonts.load('12px "JetBrains Mono"').then(() => {
      if (this.#gone) {
        return;
      }
      this.#terminal.options.fontSize = 12.5;
      this.#terminal.options.fontSize = 12;
      this.fit();
    });
  }
}
