/** The last time at or before `now` that a clock of this node's zone showed `HH:MM`. */
export function lastDue(at: string, now: number): number {
  const due = dueOn(at, now, 0);
  return due <= now ? due : dueOn(at, now, -1);
}

/** The next time after `now`. */
export function nextDue(at: string, now: number): number {
  const due = dueOn(at, now, 0);
  return due > now ? due : dueOn(at, now, 1);
}

/** An hour that a day leaves out falls on the one after it, and one that a day has twice counts the first time. */
function dueOn(at: string, now: number, days: number): number {
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, hours, minutes).getTime();
}
