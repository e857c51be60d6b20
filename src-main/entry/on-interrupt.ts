const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Calls `listener` on every signal that asks this process to stop; the returned function ends that. */
export function onInterrupt(listener: () => void): () => void {
  for (const signal of signals) {
    process.on(signal, listener);
  }
  return () => {
    for (const signal of signals) {
      process.off(signal, listener);
    }
  };
}
