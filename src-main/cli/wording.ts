import { HostReason, type HostRow, type HostStatus, type Run } from '#contract/run';
import { plainLine } from './terminal-safe.ts';

type Look = { readonly shape: string; readonly word: string; readonly colour: number };

/** The same shapes and words as on the screens; a status is never told by colour alone. */
const looks: Record<HostStatus, Look> = {
  pending: { shape: '○', word: 'pending', colour: 90 },
  running: { shape: '◐', word: 'running', colour: 34 },
  cancelling: { shape: '◑', word: 'cancelling', colour: 35 },
  success: { shape: '●', word: 'success', colour: 32 },
  failed: { shape: '▲', word: 'failed', colour: 31 },
  timeout: { shape: '◆', word: 'timed out', colour: 33 },
  cancelled: { shape: '■', word: 'cancelled', colour: 90 },
  skipped: { shape: '–', word: 'not started', colour: 90 },
};

const reasonWords: Record<HostReason, string> = {
  'exit-code': '',
  'timed-out': '',
  unreachable: 'unreachable',
  'refused-connection': 'connection refused',
  'auth-failed': 'login refused',
  'host-key': 'host key not accepted',
  'become-failed': 'could not become the other account',
  'no-interpreter': 'no interpreter',
  'no-space': 'no space',
  lost: 'lost, may still run there',
  cancelled: '',
  'not-started': '',
  'refused-by-guard': 'refused by the guard',
};

/** What a reason of a host result means; a word that is none of them stands for itself. */
export function reasonText(reason: string): string {
  const parsed = HostReason.safeParse(reason);
  return (parsed.success && reasonWords[parsed.data]) || reason;
}

export function statusText(status: HostStatus): string {
  return `${looks[status].shape} ${looks[status].word}`;
}

/** Colours a text by status; gives it back as it is where colours are off. */
export function statusPaint(status: HostStatus, { colours }: { colours: boolean }): (text: string) => string {
  return (text) => (colours ? `\u001b[${looks[status].colour}m${text}\u001b[0m` : text);
}

type Outcome = Pick<HostRow, 'status' | 'reason' | 'exitCode' | 'message'>;

/** What happened on one target: `failed, exit code 3`. */
export function hostOutcome(host: Outcome): string {
  const detail = hostDetail(host);
  return `${looks[host.status].word}${detail === '' ? '' : `, ${detail}`}`;
}

/** What its status does not say: `exit code 3`, `unreachable: no route`. */
export function hostDetail(host: Outcome): string {
  const parts = [
    host.reason ? reasonWords[host.reason] : '',
    host.exitCode === null || host.status === 'success' ? '' : `exit code ${host.exitCode}`,
  ].filter((part) => part !== '');
  const message = plainLine(host.message).trim();
  return [parts.join(', '), message].filter((part) => part !== '').join(': ');
}

export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** `10 targets (7 success, 3 failed)`; the parts only when they say more than the status of the run. */
export function countsText({ counts }: Pick<Run, 'counts'>): string {
  const parts = (['success', 'failed', 'timeout', 'cancelled', 'skipped', 'running', 'pending'] as const)
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${looks[status].word}`);
  const total = plural(counts.total, 'target');
  return counts.total > 1 && parts.length > 0 ? `${total} (${parts.join(', ')})` : total;
}

/** `#12 success, 1 target, 0.3 s` */
export function runSummary(run: Run): string {
  const took = run.durationMs === null ? [] : [durationText(run.durationMs)];
  const head = [`#${run.no} ${looks[run.status].word}`, countsText(run), ...took].join(', ');
  const reason = plainLine(run.reason).trim();
  return reason ? `${head} – ${reason}` : head;
}

/** `3.4 MB`, in powers of ten. */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return power === 0 ? `${bytes} bytes` : `${(bytes / 1000 ** power).toFixed(1)} ${units[power]}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

export function durationText(ms: number): string {
  if (ms < 100) {
    return `${Math.round(ms)} ms`;
  }
  const tenths = Math.round(ms / 100);
  if (tenths < 600) {
    return `${(tenths / 10).toFixed(1)} s`;
  }
  const seconds = Math.round(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${two(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** How long ago, in the largest unit that fits. */
export function agoText(at: number, now: number): string {
  const seconds = Math.floor((now - at) / 1_000);
  if (seconds < 5) {
    return 'now';
  }
  const units = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const;
  const [size, unit] = units.find(([size]) => seconds >= size) ?? ([1, 's'] as const);
  return `${Math.floor(seconds / size)} ${unit} ago`;
}

let dateTime: Intl.DateTimeFormat | undefined;

/** Date and time of this machine's zone: `2026-11-20 09:45:12`. */
export function timeText(at: number): string {
  // Not before: it takes some 15 ms to make, and most commands print no time.
  dateTime ??= new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' });
  return dateTime.format(at);
}
