import type { Signals } from '#core/ports';
import { OutputHub } from '#core/run/output-hub';

/** A hub that counts who watches. */
export class CountedSignals implements Signals {
  readonly hub = new OutputHub();
  watching = 0;

  onRun(runId: string, listener: () => void): () => void {
    return this.#counted(this.hub.onRun(runId, listener));
  }

  onAny(listener: () => void): () => void {
    return this.#counted(this.hub.onAny(listener));
  }

  #counted(leave: () => void): () => void {
    this.watching += 1;
    return () => {
      this.watching -= 1;
      leave();
    };
  }
}
