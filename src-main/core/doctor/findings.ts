import type { Finding } from '#core/ports-doctor';

export const fine = (check: string, seen: string): Finding => ({ check, state: 'ok', seen, remedy: null });

export const doubtful = (check: string, seen: string, remedy: string): Finding => ({
  check,
  state: 'warn',
  seen,
  remedy,
});

export const wrong = (check: string, seen: string, remedy: string): Finding => ({ check, state: 'fail', seen, remedy });

export const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;

/** `3.4 MB`, in powers of ten. */
export function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return power === 0 ? `${bytes} bytes` : `${(bytes / 1000 ** power).toFixed(1)} ${units[power]}`;
}

/** `5 s`, `12 min`, `3 h`, `40 days`. */
export function spanText(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1_000);
  if (seconds < 120) {
    return `${seconds} s`;
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) {
    return `${minutes} min`;
  }
  const hours = Math.round(minutes / 60);
  return hours < 72 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
