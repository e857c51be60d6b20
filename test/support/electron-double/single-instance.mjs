// The single-instance lock: an abstract Unix socket named after the user data directory. The kernel frees it with the
// process, so a killed instance leaves no stale lock. A second instance sends its arguments over it.
import { createHash } from 'node:crypto';
import { connect, createServer } from 'node:net';

const patienceMs = 5000;

/** @param {string} folder */
function addressOf(folder) {
  return `\0electron-double-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`;
}

/**
 * @param {string} folder user data directory
 * @param {(note: { argv: string[], cwd: string, data: unknown }) => void} onSecond called for every later instance
 * @returns {{ release: () => void } | undefined} undefined when another instance has the lock
 */
export function takeLock(folder, onSecond) {
  const server = createServer((socket) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (part) => {
      text += part;
    });
    socket.on('end', () => {
      if (text) {
        onSecond(JSON.parse(text));
      }
      socket.end();
    });
    socket.on('error', () => {});
  });
  server.on('error', () => {});
  server.listen(addressOf(folder));
  // For such a socket Node binds within listen(); failing, it only reports later.
  if (!server.listening) {
    return undefined;
  }
  server.unref();
  return { release: () => void server.close() };
}

/**
 * @param {string} folder user data directory
 * @param {string} [text] what to tell the instance that has the lock
 * @returns {Promise<boolean>} whether there is one, once it has taken the text
 */
export function tellFirst(folder, text = '') {
  return new Promise((resolve) => {
    const socket = connect(addressOf(folder), () => socket.end(text));
    socket.on('error', () => resolve(false));
    socket.on('close', (failed) => resolve(!failed));
    // An instance that hangs must not hang the next one too.
    socket.setTimeout(patienceMs, () => socket.destroy());
    socket.resume();
  });
}
