import type { DroverClient } from '#contract/client';
import type { HostCounts } from '#contract/run';
import type { Session } from './session.ts';

type Shown = { readonly run: string; readonly quiet: boolean };

/** Tells at a terminal how many targets have ended until the returned function is called; elsewhere it does nothing. */
export function showProgress(session: Session, client: DroverClient, { run, quiet }: Shown): () => void {
  if (!session.err.isTerminal || quiet || session.json) {
    return () => undefined;
  }
  const abort = new AbortController();
  client
    .follow(
      'run.changes',
      { run },
      {
        signal: abort.signal,
        onItem: (change) => {
          if (change.kind === 'run' && !abort.signal.aborted) {
            session.status.show(progressText(change.run.counts));
          }
        },
      },
    )
    // The run itself is watched elsewhere, and what goes wrong is said there.
    .catch(() => undefined);
  return () => {
    abort.abort();
    session.status.clear();
  };
}

/** `12/200 done, 3 failed` */
function progressText({ total, pending, running, failed, timeout }: HostCounts): string {
  const done = `${total - pending - running}/${total} done`;
  return failed + timeout > 0 ? `${done}, ${failed + timeout} failed` : done;
}
