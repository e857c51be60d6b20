import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlServer, listenControl } from '#adapters/http/control-socket';
import { settled } from './settled.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-socket-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pathOf = (): string => join(folder, 'control.sock');

/** Answers what it hears in capitals, and counts. */
class Shouting implements ControlServer {
  readonly server = new EventEmitter();
  made = 0;
  closed = 0;

  constructor() {
    this.server.on('connection', (socket: Socket) => {
      socket.on('data', (bytes) => socket.write(bytes.toString().toUpperCase()));
      socket.on('end', () => socket.end());
    });
  }

  readonly make = async (): Promise<ControlServer> => {
    this.made += 1;
    return this;
  };

  close(): Promise<unknown> {
    this.closed += 1;
    return Promise.resolve();
  }
}

/** What is heard back until the other side closes or has answered as much as it was told. */
function say(text: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(pathOf(), () => socket.write(text));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(heard));
    socket.on('data', (bytes) => {
      heard += bytes.toString();
      if (heard.length >= text.length) {
        socket.destroy();
      }
    });
  });
}

describe('listening for the command line', () => {
  it('makes no server while nobody comes', async () => {
    const server = new Shouting();
    const control = await listenControl(pathOf(), server.make);
    await control.left();
    await control.close();
    expect([server.made, server.closed]).toEqual([0, 0]);
  });

  it('makes one server for all that come, and loses nothing of what they said before it was there', async () => {
    const server = new Shouting();
    const go = Promise.withResolvers<void>();
    const control = await listenControl(pathOf(), () => go.promise.then(server.make));
    const said = ['one', 'two', 'three'].map(say);
    await settled(() => server.made);
    go.resolve();
    expect(await Promise.all(said)).toEqual(['ONE', 'TWO', 'THREE']);
    expect(await say('four')).toBe('FOUR');
    await control.close();
    expect([server.made, server.closed]).toEqual([1, 1]);
  });

  it('hangs up when there is no server to be had, and can still be closed', async () => {
    const control = await listenControl(pathOf(), () => Promise.reject(new Error('not today')));
    expect(await say('hello')).toBe('');
    await control.close();
    expect(await say('hello')).toBe('');
  });

  it('hangs up on whoever is connected when it is closed', async () => {
    const control = await listenControl(pathOf(), new Shouting().make);
    const socket = connect(pathOf());
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write('hello');
    await new Promise((resolve) => socket.once('data', resolve));
    const gone = new Promise((resolve) => socket.once('close', resolve));
    await control.close();
    await gone;
  });

  it('tells when everybody has left and nobody has come back', async () => {
    const control = await listenControl(pathOf(), new Shouting().make);
    const socket = connect(pathOf(), () => socket.write('hello'));
    await new Promise((resolve) => socket.once('data', resolve));
    let haveLeft = false;
    const began = performance.now();
    const left = control.left().then(() => (haveLeft = true));
    socket.destroy();
    expect(await say('once more')).toBe('ONCE MORE');
    expect(haveLeft).toBe(false);
    await left;
    expect(performance.now() - began).toBeLessThan(1_500);
    await control.close();
  });

  it('does not wait for ever for whoever stays', async () => {
    const control = await listenControl(pathOf(), new Shouting().make);
    const socket = connect(pathOf(), () => socket.write('hello'));
    await new Promise((resolve) => socket.once('data', resolve));
    await control.left();
    expect(socket.destroyed).toBe(false);
    await control.close();
  });
});
