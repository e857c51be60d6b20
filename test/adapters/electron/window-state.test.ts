import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readWindowState, saveWindowState } from '#adapters/electron/window-state';

const folder = mkdtempSync(join(tmpdir(), 'drover-window-'));
const file = join(folder, 'window.json');
afterAll(() => rmSync(folder, { recursive: true }));

const left = { x: 0, y: 0, width: 1920, height: 1040 };
const right = { x: 1920, y: 0, width: 2560, height: 1400 };
const screenOf = (...areas: { x: number; y: number; width: number; height: number }[]) => ({
  getAllDisplays: () => areas.map((workArea) => ({ workArea })) as never,
});
const bounds = { x: 2_000, y: 100, width: 2_200, height: 1_300 };
const state = { bounds, maximized: true, zoom: 1.5, toldTray: true };

describe('the place of the window', () => {
  it('is where it was left, with its zoom', () => {
    saveWindowState(file, state);
    expect(readWindowState(file, screenOf(left, right))).toEqual(state);
  });

  it('is chosen by the desktop when the display has vanished, and what else was known is kept', () => {
    expect(readWindowState(file, screenOf(left))).toEqual({ ...state, bounds: null });
  });

  it('is not larger than the display it is on now', () => {
    expect(readWindowState(file, screenOf({ ...right, width: 1_280, height: 800 })).bounds).toEqual({
      ...bounds,
      width: 1_280,
      height: 800,
    });
  });

  it.each([
    '',
    'null',
    '7',
    '{"bounds":{"x":1e99,"y":0,"width":800,"height":600}}',
    '{"bounds":{"x":0,"y":0,"width":1,"height":1},"zoom":99,"maximized":"yes"}',
    '{"bounds":"x","zoom":"big"}',
  ])('is as at the first start when the file holds %j', (text) => {
    writeFileSync(file, text);
    expect(readWindowState(file, screenOf(left))).toEqual({
      bounds: null,
      maximized: false,
      zoom: 0,
      toldTray: false,
    });
  });
});
