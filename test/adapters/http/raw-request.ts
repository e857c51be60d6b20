import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

export type RawReply = { readonly status: number; readonly head: string; readonly body: string };

/** Sends bytes as they are and reads until the server closes; a browser could not send most of these. */
export async function rawRequest(port: number, request: string): Promise<RawReply> {
  const socket = connect(port, '127.0.0.1');
  socket.write(request, 'latin1');
  const answer = await text(socket);
  const [head = '', ...rest] = answer.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head: head.toLowerCase(), body: rest.join('\r\n\r\n') };
}

/** A request with exactly these headers, after which the connection is closed. */
export function requestText(line: string, headers: Record<string, string>, body = ''): string {
  const all = { ...headers, connection: 'close', ...(body && { 'content-length': String(Buffer.byteLength(body)) }) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

export type RawStream = Disposable & {
  readonly socket: Socket;
  readonly received: () => string;
  readonly closed: () => boolean;
};

/** Opens a stream and collects what comes. */
export function rawStream(port: number, request: string): RawStream {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  let closed = false;
  socket.setEncoding('utf8');
  socket.on('data', (piece: string) => {
    received += piece;
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    closed = true;
  });
  socket.write(request);
  return { socket, received: () => received, closed: () => closed, [Symbol.dispose]: () => socket.destroy() };
}
