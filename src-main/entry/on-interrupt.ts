const stops = ['SIGINT', 'SIGTERM'] as const;
const withHangUp = [...stops, 'SIGHUP'] as const;

/**
 * Calls `listener` on every signal that asks this process to stop, of which SIGHUP is one where a terminal hangs up; the
 * returned function ends that.
 */
export function onInterrupt(listener: () => void, { hangUp = true }: { hangUp?: boolean } = {}): () => void {
  const signals = hangUp ? withHangUp : stops;
  for (const signal of signals) {
    process.on(signal, listener);
  }
  return () => {
    for (const signal of signals) {
      process.off(signal, listener);
    }
  };
}
