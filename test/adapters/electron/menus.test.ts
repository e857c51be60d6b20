import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { type MenuActions, menuTemplate } from '#adapters/electron/app-menu';
import { type TrayState, trayTemplate, trayTip } from '#adapters/electron/tray-menu';
import { isPagePath, pages } from '#contract/pages';
import { readWindowCommand } from '#contract/window-command';
import { en } from '../../../src-renderer/app/messages/en.ts';
import { countsOf, runOf } from '../../renderer/sample-runs.ts';

type Item = MenuItemConstructorOptions;

/** Every entry, with those of its submenus. */
const flat = (items: readonly Item[]): Item[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);

const click = (item: Item | undefined, checked = true): void => {
  (item?.click as ((item: { checked: boolean }) => void) | undefined)?.({ checked });
};

function rig(): { said: unknown[]; actions: MenuActions } {
  const said: unknown[] = [];
  const actions: MenuActions = {
    open: (page) => said.push({ open: page }),
    command: (command) => said.push(command),
    openDataFolder: () => said.push('data folder'),
    openDocs: () => said.push('docs'),
    setLinks: (on) => said.push({ links: on }),
    quit: () => said.push('quit'),
  };
  return { said, actions };
}

const linux = { platform: 'linux', packaged: true, linksOn: false } as const;

describe('the menu bar', () => {
  it('has every page of the console with its name and its keys', () => {
    const { said, actions } = rig();
    const items = flat(menuTemplate(linux, actions));
    for (const { key, path, keys } of pages) {
      click(items.find(({ label }) => label === `${en.pages[key]} (${keys})`));
      expect(said.at(-1)).toEqual({ open: path });
    }
  });

  it('asks nothing that a page would not obey', () => {
    const { said, actions } = rig();
    for (const item of flat(menuTemplate(linux, actions)).filter((one) => one.click)) {
      const before = said.length;
      click(item);
      expect(said.length, item.label).toBe(before + 1);
      const last = said.at(-1) as { do?: string; open?: string };
      expect(last.do === undefined || readWindowCommand(last) !== undefined, item.label).toBe(true);
      expect(last.open === undefined || isPagePath(last.open), item.label).toBe(true);
    }
    expect(said).toContain('docs');
    expect(said).toContain('data folder');
    expect(said).toContain('quit');
  });

  it('gives every entry a word or a role, and something to do', () => {
    for (const platform of ['linux', 'win32', 'darwin'] as const) {
      const items = flat(menuTemplate({ ...linux, platform }, rig().actions));
      const dead = items.filter(
        ({ type, role, click: act, submenu }) => type !== 'separator' && !role && !act && !submenu,
      );
      expect(dead).toEqual([]);
      expect(items.filter(({ label, role, type }) => !label && !role && type !== 'separator')).toEqual([]);
      expect(items.filter(({ role }) => role === 'appMenu')).toHaveLength(platform === 'darwin' ? 1 : 0);
    }
  });

  it('leaves reloading and the tools of who writes Drover out of a packaged program', () => {
    const rolesOf = (packaged: boolean): unknown[] =>
      flat(menuTemplate({ ...linux, packaged }, rig().actions)).map(({ role }) => role);
    expect(rolesOf(true).filter((role) => /reload|DevTools/i.test(String(role)))).toEqual([]);
    expect(rolesOf(false)).toContain('reload');
  });

  it('leaves the keys that a page hears to the page', () => {
    const items = flat(menuTemplate(linux, rig().actions));
    for (const accelerator of ['CmdOrCtrl+Enter', 'F9', 'CmdOrCtrl+K']) {
      expect(items.find((item) => item.accelerator === accelerator)?.registerAccelerator).toBe(false);
    }
    const bound = items.filter(({ registerAccelerator, accelerator }) => accelerator && registerAccelerator !== false);
    expect(new Set(bound.map(({ accelerator }) => accelerator)).size).toBe(bound.length);
  });

  it('switches links of its own scheme on and off, and shows which', () => {
    const { said, actions } = rig();
    const item = flat(menuTemplate({ ...linux, linksOn: true }, actions)).find(({ id }) => id === 'links');
    expect(item).toMatchObject({ type: 'checkbox', checked: true });
    click(item, false);
    expect(said).toEqual([{ links: false }]);
  });
});

describe('the tray', () => {
  const state = (change: Partial<TrayState> = {}): TrayState => ({
    node: 'anvil',
    live: [],
    trouble: null,
    leaving: 'no',
    ...change,
  });
  const nothing = { open: () => undefined, stay: () => undefined, quit: () => undefined };
  const labels = (items: readonly Item[]): (string | undefined)[] =>
    items.filter(({ type }) => type !== 'separator').map(({ label }) => label);

  it('says what lives, and opens Drover, a quick run and the way out', () => {
    expect(labels(trayTemplate(state(), nothing))).toEqual([
      'anvil: Nothing runs',
      'Open Drover',
      'New quick run',
      'Quit Drover',
    ]);
    expect(trayTip(state())).toBe('Drover · Nothing runs');
  });

  it('lists the five newest runs, each opening its page, and how many more there are', () => {
    const opened: (string | undefined)[] = [];
    const live = [9, 8, 7, 6, 5, 4, 3].map((no) =>
      runOf({ no, name: 'a & b', counts: countsOf({ total: 4, success: 1 }) }),
    );
    const items = trayTemplate(state({ live }), { ...nothing, open: (page) => opened.push(page) });
    expect(labels(items)).toContain('#9 a && b – 1 of 4 targets');
    expect(labels(items)).toContain('2 more …');
    click(items.find(({ label }) => label?.startsWith('#5 ')));
    click(items.find(({ label }) => label === '2 more …'));
    expect(opened).toHaveLength(2);
    expect(opened[0]).toBe('/runs/5');
    expect(opened.every(isPagePath)).toBe(true);
    expect(trayTip(state({ live }))).toBe('Drover · 7 runs live');
  });

  it('says that it waits to quit, and lets it be taken back', () => {
    const waiting = state({ live: [runOf()], leaving: 'waiting' });
    expect(trayTip(waiting)).toBe('Drover · Quits when 1 run has ended');
    expect(labels(trayTemplate(waiting, nothing))).toContain('Do not quit');
    expect(labels(trayTemplate({ ...waiting, leaving: 'ending' }, nothing))).not.toContain('Do not quit');
  });

  it('says why the node takes no new runs', () => {
    expect(labels(trayTemplate(state({ trouble: 'The disk is full' }), nothing))).toContain('The disk is full');
  });
});
