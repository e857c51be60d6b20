import type { Wire } from '#contract';
import type { Actor } from '#core/ports';
import type { Dispatcher } from './dispatcher.ts';

/** Calls and feeds of an engine in the same process. */
export function directWire(dispatcher: Dispatcher, actor: Actor): Wire {
  return {
    send: (name, input) => dispatcher.call({ name, input, actor }),
    open(name, input, onFrame) {
      const gone = new AbortController();
      const pump = async (): Promise<void> => {
        for await (const frame of dispatcher.follow({ name, input, actor }, gone.signal)) {
          if (gone.signal.aborted) {
            return;
          }
          onFrame(frame);
        }
      };
      // The dispatcher turns every failure into a frame; only a listener that throws can end up here.
      void pump().catch(() => gone.abort());
      return () => gone.abort();
    },
  };
}
