/** Times and durations as people read them; every time is in milliseconds since 1970 UTC. */

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `3 min. ago`, `40 sec. ago` in steps of ten seconds; under ten seconds `now`. */
export function relativeTime(at: number, now: number, language: string): string {
  const seconds = Math.round((at - now) / 1_000);
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  const unit = units.find(([, size]) => Math.abs(seconds) >= size);
  return unit
    ? format.format(Math.trunc(seconds / unit[1]), unit[0])
    : format.format(Math.trunc(seconds / 10) * 10, 'second');
}

const clock: Intl.DateTimeFormatOptions = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
};

/** Date, time with seconds and zone, 24-hour. */
export function absoluteTime(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    ...clock,
  }).format(at);
}

/** Time and zone alone on the reader's same day as `beside`, else with the date. */
export function timeBeside(at: number, beside: number, language: string): string {
  const sameDay = new Date(at).toDateString() === new Date(beside).toDateString();
  return sameDay ? new Intl.DateTimeFormat(language, clock).format(at) : absoluteTime(at, language);
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `84 ms`, `3.2 s`, `12 s`, `4 min 05 s`, `2 h 07 min`. */
export function durationText(ms: number): string {
  if (ms < 1_000) {
    return `${Math.max(0, Math.round(ms))} ms`;
  }
  const seconds = ms / 1_000;
  if (seconds < 10) {
    return `${(Math.floor(seconds * 10) / 10).toFixed(1)} s`;
  }
  if (seconds < 60) {
    return `${Math.floor(seconds)} s`;
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${two(Math.floor(seconds % 60))} s`
    : `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** `1.4 MB`; powers of ten. */
export function sizeText(bytes: number): string {
  const steps = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(steps.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1_000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${steps[power] ?? ''}`;
}
