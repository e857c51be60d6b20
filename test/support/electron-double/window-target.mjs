// The Chromium side of one window: its target, our session with it, and the wire to the preload's world.
import { browserConnection } from './browser.mjs';
import { receiverName, wireName, worldName } from './worlds.mjs';

/** Targets that a BrowserWindow asked for; any other page is a stray. @type {Set<string>} */
const asked = new Set();
/** Creations under way: their target is announced before it can be told from a stray. @type {Set<Promise<unknown>>} */
const underWay = new Set();

/** @param {string} targetId */
async function closeTarget(targetId) {
  asked.delete(targetId);
  await browserConnection()
    .send('Target.closeTarget', { targetId })
    .catch(() => {});
}

/** Closes pages that slipped past window.open and link handling. @param {{ targetId: string, url: string }} info */
export async function closeStray({ targetId, url }) {
  await Promise.allSettled(underWay);
  if (!asked.has(targetId)) {
    console.error(`electron double: closed a page that no BrowserWindow opened (${url})`);
    await closeTarget(targetId);
  }
}

async function createTarget(/** @type {{ width: number, height: number }} */ size) {
  const created = browserConnection().send('Target.createTarget', { url: 'about:blank', newWindow: true, ...size });
  // The set must be read before closeStray goes on, so the bookkeeping is part of the promise it waits for.
  const booked = created.then(({ targetId }) => asked.add(targetId));
  underWay.add(booked);
  await booked.finally(() => underWay.delete(booked));
  const { targetId } = await created;
  return targetId;
}

export class WindowTarget {
  /** @type {string | undefined} */
  targetId;
  /** Settled once pages may be loaded; rejects when the window or the browser went away before. */
  opened;
  #sessionId = '';
  /** @type {string | undefined} */
  #preloadContext;
  /** @type {string[]} */
  #held = [];
  #listener;
  #closed = false;

  /**
   * @param {{
   *   size: { width: number, height: number },
   *   worlds: { page: string, preload: string },
   *   listener: (method: string, params: any) => void,
   * }} options listener gets the page's protocol events, and `wire` with what the preload's world sends
   */
  constructor({ size, worlds, listener }) {
    this.#listener = listener;
    this.opened = this.#open(size, worlds);
    this.opened.catch((error) => {
      if (!this.#closed) {
        console.error('electron double: a window could not be opened', error);
      }
    });
  }

  async #open(/** @type {{ width: number, height: number }} */ size, /** @type {any} */ worlds) {
    const targetId = await createTarget(size);
    this.targetId = targetId;
    if (this.#closed) {
      await closeTarget(targetId);
      throw new Error('the window was closed before it opened');
    }
    const cdp = browserConnection();
    const { sessionId } = await cdp.send('Target.attachToTarget', { targetId, flatten: true });
    this.#sessionId = sessionId;
    cdp.listen(sessionId, (method, params) => this.#receive(method, params));
    // While Playwright sets itself up on a new page, Chromium holds these answers back: no page loads before it looks.
    await Promise.all([
      this.send('Page.enable'),
      this.send('Page.setLifecycleEventsEnabled', { enabled: true }),
      this.send('Runtime.enable'),
      this.send('Runtime.addBinding', { name: wireName, executionContextName: worldName }),
      this.send('Page.addScriptToEvaluateOnNewDocument', { source: worlds.page }),
      this.send('Page.addScriptToEvaluateOnNewDocument', { source: worlds.preload, worldName }),
      this.send('Fetch.enable', { patterns: [{ resourceType: 'Document', requestStage: 'Request' }] }),
      this.resize(size),
    ]);
  }

  /** @param {string} method @param {object} [params] @returns {Promise<any>} rejects when the window is gone */
  send(method, params) {
    return browserConnection().send(method, params, this.#sessionId);
  }

  /** @param {{ width: number, height: number }} size of the page's area, in CSS pixels */
  async resize(size) {
    const { windowId } = await this.send('Browser.getWindowForTarget');
    await this.send('Browser.setContentsSize', { windowId, ...size });
  }

  #receive(/** @type {string} */ method, /** @type {any} */ params) {
    switch (method) {
      case 'Runtime.executionContextCreated':
        // Only documents of this target's main frame run our worlds. Ids are reused over processes, unique ids not.
        if (params.context.name === worldName && params.context.auxData.frameId === this.targetId) {
          this.#preloadContext = params.context.uniqueId;
          for (const text of this.#held.splice(0)) {
            this.#deliver(text);
          }
        }
        break;
      case 'Runtime.executionContextDestroyed':
        if (params.executionContextUniqueId === this.#preloadContext) {
          this.#preloadContext = undefined;
        }
        break;
      case 'Runtime.executionContextsCleared':
        this.#preloadContext = undefined;
        break;
      case 'Runtime.bindingCalled':
        if (params.name === wireName) {
          this.#listener('wire', JSON.parse(params.payload));
        }
        break;
      default:
        this.#listener(method, params);
    }
  }

  /**
   * @param {object} message for the preload's world
   * @param {{ hold: boolean }} options hold: keep it for a world that is just being made, instead of dropping it
   */
  transmit(message, { hold }) {
    const text = JSON.stringify(message);
    if (this.#preloadContext !== undefined) {
      this.#deliver(text);
    } else if (hold) {
      this.#held.push(text);
    }
  }

  #deliver(/** @type {string} */ text) {
    this.send('Runtime.callFunctionOn', {
      functionDeclaration: `function (text) { ${receiverName}(text); }`,
      arguments: [{ value: text }],
      uniqueContextId: this.#preloadContext,
    }).catch(() => {});
  }

  close() {
    this.#closed = true;
    if (this.targetId) {
      void closeTarget(this.targetId);
    }
  }
}
