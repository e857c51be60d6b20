import type { Socket } from 'node:net';

/**
 * Gives the system all that is written in one turn of the event loop at once: a launch is several packets, and each write
 * of its own would wake the far side once more.
 */
export function coalesceWrites(socket: Socket): Socket {
  const write = socket.write.bind(socket) as (...words: unknown[]) => boolean;
  let isHeld = false;
  socket.write = (...words: unknown[]) => {
    if (!isHeld) {
      isHeld = true;
      socket.cork();
      setImmediate(() => {
        isHeld = false;
        socket.uncork();
      });
    }
    return write(...words);
  };
  return socket;
}
