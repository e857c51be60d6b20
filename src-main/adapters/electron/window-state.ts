import { readFileSync, writeFileSync } from 'node:fs';
import type { Rectangle, Screen } from 'electron';

export type WindowState = {
  /** Null before the window was first closed: the desktop chooses the place. */
  readonly bounds: Rectangle | null;
  readonly maximized: boolean;
  /** Zoom level as Electron counts it; 0 is 100 %. */
  readonly zoom: number;
  /** The person has been told that closing the window does not end Drover. */
  readonly toldTray: boolean;
};

const first: WindowState = { bounds: null, maximized: false, zoom: 0, toldTray: false };
const mostZoom = 5;

/** How much of the window must lie on a display, so that it can be seen and moved; in pixels. */
const grip = 50;

function isRectangle(value: unknown): value is Rectangle {
  const { x, y, width, height } = (value ?? {}) as Partial<Rectangle>;
  return [x, y, width, height].every((side) => Number.isInteger(side)) && (width ?? 0) >= 400 && (height ?? 0) >= 300;
}

const isSeenOn = (area: Rectangle, { x, y, width }: Rectangle): boolean =>
  x < area.x + area.width - grip && x + width > area.x + grip && y < area.y + area.height - grip && y >= area.y - grip;

/** Where the window stood when it was closed last, no larger than its display; null when that is on none of them now. */
function placeOn(displays: readonly { workArea: Rectangle }[], bounds: unknown): Rectangle | null {
  if (!isRectangle(bounds)) {
    return null;
  }
  const area = displays.map(({ workArea }) => workArea).find((one) => isSeenOn(one, bounds));
  return (
    (area && { ...bounds, width: Math.min(bounds.width, area.width), height: Math.min(bounds.height, area.height) }) ??
    null
  );
}

/** How the window was left; every field that is not known or cannot be is as at the first start. */
export function readWindowState(file: string, screen: Pick<Screen, 'getAllDisplays'>): WindowState {
  try {
    const { bounds, maximized, zoom, toldTray } = JSON.parse(readFileSync(file, 'utf8')) as Partial<WindowState>;
    return {
      bounds: placeOn(screen.getAllDisplays(), bounds),
      maximized: maximized === true,
      zoom: typeof zoom === 'number' && Math.abs(zoom) <= mostZoom ? zoom : 0,
      toldTray: toldTray === true,
    };
  } catch {
    // No state yet, or not one of ours: the first place is as good.
    return first;
  }
}

export function saveWindowState(file: string, state: WindowState): void {
  writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
}
