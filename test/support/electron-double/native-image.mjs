import { readFileSync } from 'node:fs';
import { covered } from './uncovered.mjs';

const pngHeader = 24;

/** @param {Buffer} png @param {{ width: number, height: number }} [size] */
function makeImage(png, size) {
  const own =
    png.length < pngHeader ? { width: 0, height: 0 } : { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
  let template = false;
  return covered('nativeImage', {
    isEmpty: () => png.length === 0,
    toPNG: () => png,
    toDataURL: () => `data:image/png;base64,${png.toString('base64')}`,
    getSize: () => size ?? own,
    resize: (/** @type {{ width?: number, height?: number }} */ wanted) => makeImage(png, { ...own, ...wanted }),
    isTemplateImage: () => template,
    setTemplateImage(/** @type {boolean} */ is) {
      template = is;
    },
  });
}

export const nativeImage = covered('nativeImage', {
  createEmpty: () => makeImage(Buffer.alloc(0)),
  createFromBuffer: (/** @type {Buffer} */ png) => makeImage(png),
  createFromDataURL: (/** @type {string} */ url) => makeImage(Buffer.from(url.split(',')[1] ?? '', 'base64')),
  /** An unreadable file gives an empty image, as in Electron. */
  createFromPath(/** @type {string} */ path) {
    try {
      return makeImage(readFileSync(path));
    } catch {
      return makeImage(Buffer.alloc(0));
    }
  },
});
