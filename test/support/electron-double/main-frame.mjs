import { originOf } from './schemes.mjs';
import { covered } from './uncovered.mjs';

/**
 * The main frame of a window: the only frame the double knows, always the same object.
 * @param {import('./web-contents.mjs').WebContents} contents
 */
export function makeMainFrame(contents) {
  return covered('webFrameMain', {
    get url() {
      return contents.getURL();
    },
    get origin() {
      return originOf(contents.getURL());
    },
    get top() {
      return contents.mainFrame;
    },
    parent: null,
    frames: [],
    name: '',
    detached: false,
    processId: contents.id,
    routingId: 1,
    frameTreeNodeId: contents.id,
    isDestroyed: () => contents.isDestroyed(),
    send: (/** @type {string} */ channel, /** @type {any[]} */ ...args) => contents.send(channel, ...args),
    executeJavaScript: (/** @type {string} */ code) => contents.executeJavaScript(code),
  });
}
