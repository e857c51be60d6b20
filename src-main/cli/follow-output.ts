import type { DroverClient } from '#contract/client';
import type { InputOf } from '#contract';
import type { OutputLine, Run } from '#contract/run';

/** Takes lines and says when it cannot take more. */
export interface OutputView {
  lines(lines: readonly OutputLine[]): void;
  /** The reader is too far behind; nothing more is sent until `drained` resolves. */
  readonly isFull: boolean;
  drained(): Promise<void>;
  /** Closes what is still open on the screen. */
  finish(): void;
}

type Watched = { readonly view: OutputView; readonly signal: AbortSignal };

/**
 * Shows every line once, in order, until the run ends or `signal` aborts; gives the run as it ended, undefined when its
 * end was not seen. The feed is left while the view is full and taken up again behind the last line shown.
 */
export async function followOutput(
  client: DroverClient,
  query: InputOf<'run.output'>,
  { view, signal }: Watched,
): Promise<Run | undefined> {
  let after = query.after ?? 0;
  let ended: Run | undefined;
  for (;;) {
    const pause = new AbortController();
    await client.follow(
      'run.output',
      { ...query, after },
      {
        signal: AbortSignal.any([signal, pause.signal]),
        onItem: (frame) => {
          if (pause.signal.aborted || signal.aborted) {
            return;
          }
          if (frame.kind === 'final') {
            ended = frame.run;
            return;
          }
          view.lines(frame.lines);
          after = frame.lines.at(-1)?.seq ?? after;
          if (view.isFull) {
            pause.abort();
          }
        },
      },
    );
    if (ended || signal.aborted || !pause.signal.aborted) {
      return ended;
    }
    await view.drained();
  }
}

/** Shows the lines stored by now. */
export async function storedOutput(
  client: DroverClient,
  query: InputOf<'run.lines'>,
  { view, signal }: Watched,
): Promise<void> {
  let after = query.after ?? 0;
  for (let more = true; more && !signal.aborted;) {
    const page = await client.call('run.lines', { ...query, after });
    view.lines(page.lines);
    const last = page.lines.at(-1)?.seq;
    more = page.more && last !== undefined;
    after = last ?? after;
    await view.drained();
  }
}
