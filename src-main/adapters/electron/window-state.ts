import { readFileSync, writeFileSync } from 'node:fs';
import type { BrowserWindow, Rectangle, Screen } from 'electron';

type WindowState = { readonly bounds: Rectangle; readonly maximized: boolean };

const first: WindowState = { bounds: { x: 0, y: 0, width: 1280, height: 860 }, maximized: false };

function isRectangle(value: unknown): value is Rectangle {
  const { x, y, width, height } = (value ?? {}) as Partial<Rectangle>;
  return [x, y, width, height].every((side) => Number.isInteger(side)) && (width ?? 0) >= 400 && (height ?? 0) >= 300;
}

/** Where the window stood when it was closed last; the first place when that is not known or not on any screen now. */
export function readWindowState(file: string, screen: Pick<Screen, 'getAllDisplays'>): WindowState {
  try {
    const { bounds, maximized } = JSON.parse(readFileSync(file, 'utf8')) as Partial<WindowState>;
    const isSeen = (area: Rectangle): boolean =>
      isRectangle(bounds) &&
      bounds.x < area.x + area.width - 50 &&
      bounds.x + bounds.width > area.x + 50 &&
      bounds.y < area.y + area.height - 50 &&
      bounds.y >= area.y - 50;
    if (isRectangle(bounds) && screen.getAllDisplays().some(({ workArea }) => isSeen(workArea))) {
      return { bounds, maximized: maximized === true };
    }
  } catch {
    // No state yet, or not one of ours: the first place is as good.
  }
  return first;
}

export function saveWindowState(file: string, window: Pick<BrowserWindow, 'getNormalBounds' | 'isMaximized'>): void {
  const state: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
  writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
}
