import { EventEmitter } from 'node:events';
import { codec } from './codec.mjs';
import { coveredClass } from './uncovered.mjs';

/** @typedef {(event: object, ...args: any[]) => unknown} Handler */

export const IpcMain = coveredClass(
  'ipcMain',
  class extends EventEmitter {
    /** @type {Map<string, Handler>} */
    #handlers = new Map();

    constructor() {
      super();
      // A channel may be called 'error' without ending the process.
      this.on('error', () => {});
    }

    handle(/** @type {string} */ channel, /** @type {Handler} */ handler) {
      if (this.#handlers.has(channel)) {
        throw new Error(`Attempted to register a second handler for '${channel}'`);
      }
      if (typeof handler !== 'function') {
        throw new Error(`Expected handler to be a function, but found type '${typeof handler}'`);
      }
      this.#handlers.set(channel, handler);
    }

    handleOnce(/** @type {string} */ channel, /** @type {Handler} */ handler) {
      this.handle(channel, (event, ...args) => {
        this.removeHandler(channel);
        return handler(event, ...args);
      });
    }

    removeHandler(/** @type {string} */ channel) {
      this.#handlers.delete(channel);
    }

    /** The double's own way to a handler. @param {IpcMain} ipc @param {string} channel @returns {Handler | undefined} */
    static handlerOf(ipc, channel) {
      return ipc.#handlers.get(channel);
    }
  },
);

export const ipcMain = new IpcMain();

/**
 * @param {InstanceType<typeof IpcMain>[]} ipcs in the order they are asked
 * @param {object} event
 * @param {{ channel: string, args: string }} message
 * @returns {Promise<{ ok: boolean, value: string }>} encoded result, or the text of the error as the page sees it
 */
export async function answerInvoke(ipcs, event, { channel, args }) {
  try {
    const handler = ipcs.map((ipc) => IpcMain.handlerOf(ipc, channel)).find((found) => found !== undefined);
    if (!handler) {
      throw new Error(`No handler registered for '${channel}'`);
    }
    return { ok: true, value: codec.encode(await handler(event, ...codec.decode(args))) };
  } catch (error) {
    console.error(`Error occurred in handler for '${channel}':`, error);
    return { ok: false, value: `Error invoking remote method '${channel}': ${String(error)}` };
  }
}
