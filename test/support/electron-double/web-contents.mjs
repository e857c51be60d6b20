import { EventEmitter } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from './app.mjs';
import { codec } from './codec.mjs';
import { answerInvoke, IpcMain, ipcMain } from './ipc-main.mjs';
import { windows } from './lifecycle.mjs';
import { loadFailure } from './load-failure.mjs';
import { makeMainFrame } from './main-frame.mjs';
import { nativeImage } from './native-image.mjs';
import { inward, outward } from './schemes.mjs';
import { session, settlePermissions } from './session.mjs';
import { settings } from './settings.mjs';
import { cancellable, covered, coveredClass, notAvailable } from './uncovered.mjs';
import { effectivePreferences, refuseUnsafe } from './web-preferences.mjs';
import { WindowTarget } from './window-target.mjs';
import { makeWorlds } from './worlds.mjs';

const consoleLevels = { warning: 'warning', error: 'error', assert: 'error', debug: 'debug', verbose: 'debug' };

let created = 0;

export class WebContents extends EventEmitter {
  id = ++created;
  session = session.defaultSession;
  ipc = new IpcMain();
  mainFrame;
  #target;
  #window;
  #preferences;
  #url = '';
  #title = '';
  #loading = false;
  #crashed = false;
  #destroyed = false;
  #unreachable = false;
  #zoomLevel = 0;
  /** Document last loaded to its end. */
  #loaded = '';
  /** The load that loadURL waits for. @type {{ loaderId: string, resolve: Function, reject: Function } | undefined} */
  #awaited;
  /** Address the page itself has asked to go to. @type {string | undefined} */
  #requested;
  /** @type {((details: object) => { action: string }) | undefined} */
  #openHandler;

  /** @param {import('./browser-window.mjs').BrowserWindow} window @param {any} preferences webPreferences */
  constructor(window, preferences) {
    super();
    refuseUnsafe(preferences);
    this.#window = window;
    this.#preferences = preferences;
    this.mainFrame = makeMainFrame(this);
    const worlds = makeWorlds(preferences);
    const [width, height] = window.getSize();
    this.#target = new WindowTarget({
      size: { width, height },
      worlds,
      listener: (method, params) => this.#on[method]?.(params),
    });
    if (worlds.error) {
      const { error } = worlds;
      console.error(`Unable to load preload script: ${preferences.preload}`, error);
      setImmediate(() => this.emit('preload-error', cancellable(), preferences.preload, error));
    }
  }

  /** What Chromium and the preload's world tell, by event. @type {Record<string, (params: any) => void>} */
  #on = {
    wire: (message) => this.#fromPreload(message),
    'Page.frameStartedLoading': ({ frameId }) => this.#setLoading(frameId, true),
    'Page.frameStoppedLoading': ({ frameId }) => this.#setLoading(frameId, false),
    'Page.frameRequestedNavigation': ({ frameId, url, disposition }) => {
      if (this.#isMain(frameId) && disposition === 'currentTab') {
        [this.#requested] = url.split('#');
      }
    },
    'Page.frameNavigated': ({ frame }) => {
      if (this.#isMain(frame.id)) {
        this.#committed(frame);
      }
    },
    'Page.navigatedWithinDocument': ({ frameId, url }) => {
      if (this.#isMain(frameId)) {
        this.#url = inward(url);
        this.emit('did-navigate-in-page', cancellable(), this.#url, true);
      }
    },
    'Page.lifecycleEvent': ({ frameId, loaderId, name }) => {
      // Chromium's own page about a failure is no page of the app.
      if (this.#isMain(frameId) && this.#url !== '' && !this.#unreachable) {
        this.#lifecycle(loaderId, name);
      }
    },
    'Page.javascriptDialogOpening': ({ type, message }) => {
      // Whoever drives the page answers; without a driver the page would wait for ever.
      if (!settings.driven) {
        console.error(`electron double: ${type}() is not available, dismissed: ${message}`);
        this.#tell('Page.handleJavaScriptDialog', { accept: type === 'beforeunload' });
      }
    },
    'Runtime.consoleAPICalled': ({ type, args, stackTrace }) => {
      const [place] = stackTrace?.callFrames ?? [];
      this.emit('console-message', {
        ...cancellable(),
        level: consoleLevels[type] ?? 'info',
        message: args.map(({ value, description }) => String(value ?? description)).join(' '),
        lineNumber: (place?.lineNumber ?? -1) + 1,
        sourceId: inward(place?.url ?? ''),
        frame: this.mainFrame,
      });
    },
    'Fetch.requestPaused': (params) => void this.#decideRequest(params),
    'Inspector.targetCrashed': () => {
      this.#crashed = true;
      const details = { reason: 'crashed', exitCode: 5 };
      this.#settleLoad(loadFailure('ERR_FAILED', this.#url));
      this.emit('render-process-gone', cancellable(), details);
      app.emit('render-process-gone', cancellable(), this, details);
    },
  };

  /** For commands whose failure means no more than that the window has gone. */
  #tell(/** @type {string} */ method, /** @type {object} */ params = {}) {
    this.#target.send(method, params).catch(() => {});
  }

  #isMain(/** @type {string} */ frameId) {
    return frameId === this.#target.targetId;
  }

  #setLoading(/** @type {string} */ frameId, /** @type {boolean} */ loading) {
    if (this.#isMain(frameId) && this.#loading !== loading) {
      this.#loading = loading;
      this.emit(loading ? 'did-start-loading' : 'did-stop-loading', cancellable());
    }
  }

  #committed(/** @type {any} */ { url, urlFragment = '', unreachableUrl, loaderId }) {
    this.#crashed = false;
    this.#requested = undefined;
    this.#unreachable = unreachableUrl !== undefined;
    this.#url = inward(unreachableUrl ?? url + urlFragment);
    if (this.#awaited && this.#awaited.loaderId !== loaderId) {
      this.#settleLoad(loadFailure('ERR_ABORTED', this.#url));
    }
    if (!this.#unreachable) {
      this.emit('did-navigate', cancellable(), this.#url);
    }
  }

  #lifecycle(/** @type {string} */ loaderId, /** @type {string} */ name) {
    if (name === 'DOMContentLoaded') {
      this.emit('dom-ready', cancellable());
    } else if (name === 'firstPaint') {
      this.emit('ready-to-show');
    } else if (name === 'load') {
      this.#loaded = loaderId;
      this.emit('did-finish-load', cancellable());
      // An empty page paints nothing, and still wants to be shown.
      this.emit('ready-to-show');
      if (this.#awaited?.loaderId === loaderId) {
        this.#settleLoad(undefined);
      }
    }
  }

  #settleLoad(/** @type {Error | undefined} */ error) {
    const awaited = this.#awaited;
    this.#awaited = undefined;
    if (error) {
      awaited?.reject(error);
    } else {
      awaited?.resolve();
    }
  }

  // Every document of the window stops here before its request leaves, so that nothing loads that the app refuses.
  async #decideRequest(/** @type {any} */ { requestId, frameId, request }) {
    let refused = false;
    try {
      if (this.#isMain(frameId)) {
        refused = this.#pageMayNot(request.url);
        await settlePermissions(this, request.url);
      }
    } finally {
      if (refused) {
        this.#tell('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
      } else {
        this.#tell('Fetch.continueRequest', { requestId });
      }
    }
  }

  /** Only what the page itself asks for is a 'will-navigate'; loadURL, reload and Playwright's goto are not. */
  #pageMayNot(/** @type {string} */ url) {
    if (this.#requested !== url.split('#')[0]) {
      return false;
    }
    this.#requested = undefined;
    const details = { url: inward(url), isMainFrame: true, isSameDocument: false };
    const event = cancellable({ ...details, frame: this.mainFrame, initiator: this.mainFrame });
    this.emit('will-navigate', event, details.url);
    return event.defaultPrevented;
  }

  #fromPreload(/** @type {any} */ message) {
    const event = {
      type: 'frame',
      sender: this,
      senderFrame: this.mainFrame,
      processId: this.mainFrame.processId,
      frameId: this.mainFrame.routingId,
      frameTreeNodeId: this.mainFrame.frameTreeNodeId,
    };
    switch (message.type) {
      case 'send': {
        const args = codec.decode(message.args);
        const sent = { ...cancellable(event), ports: [], reply: this.send.bind(this) };
        this.emit('ipc-message', sent, message.channel, ...args);
        this.ipc.emit(message.channel, sent, ...args);
        ipcMain.emit(message.channel, sent, ...args);
        break;
      }
      case 'invoke':
        void answerInvoke([this.ipc, ipcMain], event, message).then((answer) =>
          this.#target.transmit({ type: 'reply', n: message.n, ...answer }, { hold: false }),
        );
        break;
      case 'open':
        this.#decideOpen(message);
        break;
      case 'title':
        this.#title = message.title;
        this.emit('page-title-updated', cancellable(), message.title, true);
        break;
      case 'preload-error':
        this.emit('preload-error', cancellable(), this.#preferences.preload, codec.decode(message.error));
        break;
    }
  }

  #decideOpen(/** @type {any} */ { url, frameName, features, disposition }) {
    const referrer = { url: '', policy: 'strict-origin-when-cross-origin' };
    const answer = this.#openHandler?.({ url: inward(url), frameName, features, disposition, referrer });
    if (!this.#openHandler || answer?.action === 'allow') {
      throw notAvailable(`a window opened by a page (${inward(url)}; answer 'deny' in setWindowOpenHandler)`);
    }
  }

  setWindowOpenHandler(/** @type {typeof this.#openHandler} */ handler) {
    this.#openHandler = handler;
  }

  send(/** @type {string} */ channel, /** @type {any[]} */ ...args) {
    // Before the first page there is nobody to hear it, in Electron as here.
    this.#target.transmit({ type: 'event', channel, args: codec.encode(args) }, { hold: this.#url !== '' });
  }

  loadURL(/** @type {string} */ url, /** @type {object | undefined} */ options) {
    if (options) {
      throw notAvailable('loadURL with options');
    }
    const loading = this.#load(url);
    // As in Electron: nobody has to wait for a page, and then nobody hears of its failure here.
    loading.catch(() => {});
    return loading;
  }

  async #nextStillness() {
    await new Promise((go) => this.once('did-stop-loading', go).once('destroyed', go));
  }

  async #load(/** @type {string} */ url) {
    await this.#target.opened;
    const { loaderId, errorText } = await this.#target.send('Page.navigate', { url: new URL(outward(url)).href });
    if (errorText) {
      if (this.#loading) {
        await this.#nextStillness();
      }
      const failure = loadFailure(errorText, url);
      this.emit('did-fail-load', cancellable(), failure.errno, failure.code, url, true);
      throw failure;
    }
    if (loaderId === undefined || loaderId === this.#loaded) {
      return;
    }
    this.#settleLoad(loadFailure('ERR_ABORTED', url));
    await new Promise((done, failed) => {
      this.#awaited = { loaderId, resolve: done, reject: failed };
    });
  }

  loadFile(/** @type {string} */ path, /** @type {{ hash?: string, search?: string }} */ { hash, search } = {}) {
    const url = pathToFileURL(resolve(settings.app.path, path));
    return this.loadURL(Object.assign(url, { ...(search && { search }), ...(hash && { hash }) }).href);
  }

  reload() {
    this.#tell('Page.reload');
  }

  async executeJavaScript(/** @type {string} */ code, userGesture = false) {
    if (this.#url === '' || this.#loading) {
      await this.#nextStillness();
    }
    const { result, exceptionDetails } = await this.#target.send('Runtime.evaluate', {
      expression: code,
      awaitPromise: true,
      returnByValue: true,
      userGesture,
    });
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  }

  async capturePage(/** @type {{ x: number, y: number, width: number, height: number } | undefined} */ area) {
    await this.#target.opened;
    const clip = area && { ...area, scale: 1 };
    const { data } = await this.#target.send('Page.captureScreenshot', { format: 'png', clip });
    return nativeImage.createFromBuffer(Buffer.from(data, 'base64'));
  }

  forcefullyCrashRenderer() {
    this.#tell('Page.crash');
  }

  getURL() {
    return this.#url;
  }
  getTitle() {
    return this.#title;
  }
  getType() {
    return 'window';
  }
  getLastWebPreferences() {
    return effectivePreferences(this.#preferences);
  }
  getOrCreateDevToolsTargetId() {
    return this.#target.targetId ?? '';
  }
  getOwnerBrowserWindow() {
    return this.#window;
  }
  isLoading() {
    return this.#loading;
  }
  isLoadingMainFrame() {
    return this.#loading;
  }
  isCrashed() {
    return this.#crashed;
  }
  isDestroyed() {
    return this.#destroyed;
  }
  /** Remembered only: the page is not drawn larger. */
  setZoomLevel = (/** @type {number} */ level) => void (this.#zoomLevel = level);
  getZoomLevel = () => this.#zoomLevel;
  isFocused() {
    return this.#window.isFocused();
  }
  focus() {
    this.#window.focus();
  }
  /** As when the page closes itself: the window goes without being asked. */
  close() {
    this.#window.destroy();
  }

  /** Target of a window, for the double's own modules. @param {WebContents} contents */
  static targetOf(contents) {
    return contents.#target;
  }

  /** Its window is going. @param {WebContents} contents */
  static destroy(contents) {
    contents.#destroyed = true;
    contents.#settleLoad(loadFailure('ERR_FAILED', contents.#url));
    contents.#target.close();
    contents.emit('destroyed', cancellable());
  }
}
coveredClass('webContents', WebContents);

const all = () => [...windows.values()].map((window) => window.webContents);

export const webContents = covered('webContents', {
  getAllWebContents: all,
  getFocusedWebContents: () => all().find((contents) => contents.isFocused()) ?? null,
  fromId: (/** @type {number} */ id) => all().find((contents) => contents.id === id),
  fromDevToolsTargetId: (/** @type {string} */ targetId) =>
    all().find((contents) => contents.getOrCreateDevToolsTargetId() === targetId),
});
