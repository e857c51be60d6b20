import type { Menu, MenuItemConstructorOptions, Tray } from 'electron';
import type { Clock } from '#core/ports';
import { type TrayActions, type TrayState, trayTemplate, trayTip } from './tray-menu.ts';

type TrayNeeds = {
  readonly tray: Tray;
  readonly build: (template: MenuItemConstructorOptions[]) => Menu;
  readonly clock: Pick<Clock, 'after'>;
  readonly actions: TrayActions;
};

/** A menu that is open loses its place when it is replaced: not more often than this, in milliseconds. */
const paceMs = 1_000;

/** Drover's icon in the tray with the state of the node. */
export class TrayIcon {
  readonly #needs: TrayNeeds;
  #shown = '';
  #next: TrayState | undefined;
  #cancel: (() => void) | undefined;

  constructor(needs: TrayNeeds) {
    this.#needs = needs;
    needs.tray.on('click', () => needs.actions.open());
  }

  /** Shows a state now, or the newest one when the pace allows it. */
  show(state: TrayState): void {
    if (this.#cancel) {
      this.#next = state;
      return;
    }
    this.#draw(state);
    this.#cancel = this.#needs.clock.after(paceMs, () => {
      this.#cancel = undefined;
      const next = this.#next;
      this.#next = undefined;
      if (next) {
        this.show(next);
      }
    });
  }

  close(): void {
    this.#cancel?.();
    this.#needs.tray.destroy();
  }

  #draw(state: TrayState): void {
    const { tray, build, actions } = this.#needs;
    const template = trayTemplate(state, actions);
    const text = JSON.stringify([trayTip(state), template]);
    if (text === this.#shown) {
      return;
    }
    this.#shown = text;
    tray.setToolTip(trayTip(state));
    tray.setContextMenu(build(template));
  }
}
