export const floodSeconds = 10;
export const linesPerSecond = 100_000;
export const floodLines = floodSeconds * linesPerSecond;

/** Line `n` of the flood, counted from 1, with its LF: about what a log line is long. */
export const floodLine = (n: number): string =>
  `${String(n).padStart(8, '0')} info worker-${n % 16} handled request /api/items/${n % 1_000} in ${n % 97} ms\n`;
