/**
 * What the page's own world gets before its first script: the bridge's end, and a window.open that asks the main
 * process. Injected as source. A real popup would only be closed again, and may race with whoever attaches to it.
 * @param {ReturnType<typeof import('./bridge.mjs').makeBridge>} bridge
 */
export function startPageWorld(bridge) {
  window.open = (url, name, features) => {
    bridge.post({
      type: 'open',
      url: new URL(url || 'about:blank', document.baseURI).href,
      frameName: String(name ?? ''),
      features: String(features ?? ''),
      disposition: features ? 'new-window' : 'foreground-tab',
    });
    return null;
  };
  const freeze = (value) => {
    if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
      for (const item of Object.values(Object.freeze(value))) {
        freeze(item);
      }
    }
    return value;
  };
  bridge.handlers.expose = ({ key, value }) => {
    const api = freeze(bridge.decode(value));
    Object.defineProperty(window, key, { value: api, enumerable: true, configurable: false, writable: false });
  };
}
