import { record } from './record.mjs';
import { covered } from './uncovered.mjs';

/** @param {string} kind */
function unanswered(kind) {
  // Nobody sits before a test: a dialog without an answer must fail, not hang.
  return async (/** @type {unknown[]} */ ...args) => {
    record.dialogs.push({ kind, options: args.at(-1) });
    throw new Error(`electron double: nobody answers dialog.${kind}; replace it in the test's app.evaluate`);
  };
}

export const dialog = covered('dialog', {
  showOpenDialog: unanswered('showOpenDialog'),
  showSaveDialog: unanswered('showSaveDialog'),
  showMessageBox: unanswered('showMessageBox'),
  showErrorBox(/** @type {string} */ title, /** @type {string} */ content) {
    record.dialogs.push({ kind: 'showErrorBox', options: { title, content } });
    console.error(`${title}: ${content}`);
  },
});

export const shell = covered('shell', {
  async openExternal(/** @type {string} */ url) {
    record.opened.push(url);
  },
  async openPath(/** @type {string} */ path) {
    record.opened.push(path);
    return '';
  },
  showItemInFolder(/** @type {string} */ path) {
    record.opened.push(path);
  },
  beep() {},
});
