// Sources that Chromium evaluates at the start of every document: one for the page's world, one for the preload's.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { Script } from 'node:vm';
import { makeBridge } from './bridge.mjs';
import { makeCodec } from './codec.mjs';
import { startPageWorld } from './page-world.mjs';
import { startPreloadWorld } from './preload-world.mjs';

export const worldName = 'Electron Isolated Context';
/** Function in the preload's world that sends text to the main process. */
export const wireName = '__electronDoubleWire';
/** Function in the preload's world that takes text from the main process. */
export const receiverName = '__electronDoubleReceive';

/** @param {string} path @returns {{ code: string, error?: Error }} code wrapped as a function expression */
function readPreload(path) {
  try {
    if (extname(path) === '.mjs') {
      throw new SyntaxError('Cannot use import statement outside a module');
    }
    const code = `(function (require, process, module, exports) {${readFileSync(path, 'utf8')}\n})`;
    // A source that does not parse would take the whole isolated world with it, without a word.
    new Script(code, { filename: path });
    return { code };
  } catch (error) {
    return { code: '() => {}', error: /** @type {Error} */ (error) };
  }
}

/**
 * @param {{ preload?: string, additionalArguments?: string[] }} preferences
 * @returns {{ page: string, preload: string, error?: Error }} sources, and why the preload script cannot be used
 */
export function makeWorlds(preferences) {
  const salt = randomUUID();
  const info = {
    receiver: receiverName,
    preloadPath: preferences.preload,
    process: {
      platform: process.platform,
      arch: process.arch,
      versions: { ...process.versions },
      env: {},
      argv: [process.execPath, ...(preferences.additionalArguments ?? [])],
    },
  };
  const { code, error } =
    preferences.preload === undefined ? { code: '() => {}', error: undefined } : readPreload(preferences.preload);
  const inTopFrame = (body) => `if (window === window.top) { const codec = (${String(makeCodec)})(); ${body} }`;
  const bridge = (mine, theirs) => `(${String(makeBridge)})(codec, '${mine}-${salt}', '${theirs}-${salt}')`;
  return {
    page: inTopFrame(`(${String(startPageWorld)})(${bridge('page', 'preload')});`),
    preload: inTopFrame(
      `(${String(startPreloadWorld)})({ codec, bridge: ${bridge('preload', 'page')}, wire: globalThis.${wireName}, info: ${JSON.stringify(info)}, preload: ${code} });`,
    ),
    ...(error && { error }),
  };
}
