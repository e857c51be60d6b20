/**
 * What a sandboxed preload sees, in its isolated world: require('electron'), a small process, ipcRenderer and
 * contextBridge. Injected as source, so it may use nothing but globals and its arguments.
 * @param {{ codec: any, bridge: any, wire: (text: string) => void, info: any, preload: Function }} ends
 */
export function startPreloadWorld({ codec, bridge, wire, info, preload }) {
  const notAvailable = (what) => new Error(`electron double: ${what} is not available`);
  const guard = (name, object) =>
    new Proxy(object, {
      get(target, key) {
        if (typeof key === 'symbol' || key in target || key === 'then' || key === 'toJSON') {
          return target[key];
        }
        throw notAvailable(`${name}.${key}`);
      },
    });
  const post = (message) => wire(JSON.stringify(message));

  const listeners = new Map();
  const of = (channel) => listeners.get(channel) ?? [];
  const add = (channel, listener) => {
    listeners.set(channel, [...of(channel), listener]);
    return ipcRenderer;
  };
  const remove = (channel, listener) => {
    const at = of(channel).findLastIndex((each) => each === listener || each.listener === listener);
    listeners.set(channel, of(channel).toSpliced(at, at < 0 ? 0 : 1));
    return ipcRenderer;
  };
  const addOnce = (channel, listener) => {
    const once = (...args) => {
      remove(channel, once);
      listener(...args);
    };
    once.listener = listener;
    return add(channel, once);
  };

  const invokes = new Map();
  let invoked = 0;
  const ipcRenderer = guard('ipcRenderer', {
    on: add,
    addListener: add,
    once: addOnce,
    off: remove,
    removeListener: remove,
    removeAllListeners(channel) {
      if (channel === undefined) {
        listeners.clear();
      } else {
        listeners.delete(channel);
      }
      return ipcRenderer;
    },
    listenerCount: (channel) => of(channel).length,
    send(channel, ...args) {
      post({ type: 'send', channel, args: codec.encode(args) });
    },
    invoke(channel, ...args) {
      return new Promise((resolve, reject) => {
        const text = codec.encode(args);
        const n = ++invoked;
        invokes.set(n, { resolve, reject });
        post({ type: 'invoke', n, channel, args: text });
      });
    },
  });
  const receive = {
    reply({ n, ok, value }) {
      const { resolve, reject } = invokes.get(n) ?? {};
      invokes.delete(n);
      if (ok) {
        resolve?.(codec.decode(value));
      } else {
        reject?.(new Error(value));
      }
    },
    event({ channel, args }) {
      for (const listener of of(channel)) {
        listener({ sender: ipcRenderer, ports: [] }, ...codec.decode(args));
      }
    },
  };
  Object.defineProperty(globalThis, info.receiver, {
    value(text) {
      const message = JSON.parse(text);
      receive[message.type](message);
    },
  });

  bridge.handlers.open = post;
  const openLink = (event) => {
    const link = event.composedPath().find((each) => each instanceof HTMLAnchorElement && each.href);
    const aside = event.ctrlKey || event.metaKey || event.button === 1;
    if (!link || event.defaultPrevented || !(aside || event.shiftKey || link.target === '_blank')) {
      return;
    }
    event.preventDefault();
    const disposition = aside ? 'background-tab' : event.shiftKey ? 'new-window' : 'foreground-tab';
    post({ type: 'open', url: link.href, frameName: '', features: '', disposition });
  };
  addEventListener('click', openLink);
  addEventListener('auxclick', (event) => event.button === 1 && openLink(event));

  let title = '';
  const tellTitle = () => {
    if (document.title !== title) {
      title = document.title;
      post({ type: 'title', title });
    }
  };
  document.addEventListener('DOMContentLoaded', () => {
    tellTitle();
    new MutationObserver(tellTitle).observe(document.head, { subtree: true, childList: true, characterData: true });
  });

  const exposed = new Set();
  const contextBridge = guard('contextBridge', {
    exposeInMainWorld(key, api) {
      if (exposed.has(key)) {
        throw new Error(`Cannot bind an API on top of an existing property on the window object: ${key}`);
      }
      exposed.add(key);
      bridge.post({ type: 'expose', key, value: bridge.encode(api) });
    },
  });

  const electron = guard('electron', { contextBridge, ipcRenderer });
  const modules = {
    electron,
    'electron/renderer': electron,
    timers: { setTimeout, clearTimeout, setInterval, clearInterval },
    url: { URL, URLSearchParams },
  };
  const require = (name) => {
    const found = modules[name.replace(/^node:/, '')];
    if (!found) {
      throw name === 'events' ? notAvailable("require('events')") : new Error(`module not found: ${name}`);
    }
    return found;
  };
  const process = guard('process', {
    ...info.process,
    type: 'renderer',
    sandboxed: true,
    contextIsolated: true,
    isMainFrame: true,
    nextTick: (f, ...args) => queueMicrotask(() => f(...args)),
  });
  const module = { exports: {} };
  try {
    preload(require, process, module, module.exports);
  } catch (error) {
    console.error(`Unable to load preload script: ${info.preloadPath}`);
    console.error(String(error?.stack ?? error));
    post({ type: 'preload-error', error: codec.encode(error) });
  }
}
