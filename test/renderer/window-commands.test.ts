import { describe, expect, it } from 'vitest';
import type { Frame } from '#contract';
import { readWindowCommand, windowFrames } from '#contract/window-command';
import { ipcWire } from '../../src-renderer/client/ipc-wire.ts';
import { WindowCommands } from '../../src-renderer/client/window-commands.ts';
import { readRunAddress } from '../../src-renderer/features/run/run-address.ts';

describe('what the window asks of the page', () => {
  it.each([
    undefined,
    null,
    'go',
    [],
    {},
    { do: 'go' },
    { do: 'go', to: 'https://example.com/' },
    { do: 'go', to: '/enter/token' },
    { do: 'go', to: '/quick?from=1' },
    { do: 'go', to: '//example.com' },
    { do: 'go', to: '/runs/1\n' },
    { do: 'press', keys: 'mod+a' },
    { do: 'theme', scheme: 'url(x)' },
    { do: 'tell', what: 'anything' },
    { do: 'eval', code: '1' },
  ])('is not obeyed when it is no command: %j', (value) => {
    expect(readWindowCommand(value)).toBeUndefined();
  });

  it('loses everything of a command but what belongs to it', () => {
    expect(readWindowCommand({ do: 'go', to: '/runs/12?host=3', extra: 1 })).toEqual({
      do: 'go',
      to: '/runs/12?host=3',
    });
  });

  it('waits for a page that does not listen yet, and is heard once', () => {
    const commands = new WindowCommands();
    const heard: unknown[] = [];
    commands.take({ do: 'press', keys: '?' });
    commands.take({ do: 'nonsense' });
    const leave = commands.listen((command) => heard.push(command));
    expect(heard).toEqual([{ do: 'press', keys: '?' }]);
    leave();
    commands.listen((command) => heard.push(command));
    expect(heard).toHaveLength(1);
  });

  it('comes as a frame of its own id and disturbs no feed', async () => {
    let deliver: (id: string, frame: Frame) => void = () => undefined;
    const commands: unknown[] = [];
    const frames: Frame[] = [];
    let id = '';
    const wire = ipcWire(
      {
        call: async () => ({ ok: true, value: {} }),
        follow: (request) => (id = request.id),
        unfollow: () => undefined,
        onFrame: (listener) => (deliver = listener),
      },
      (command) => commands.push(command),
    );
    wire.open('run.output', {}, (frame) => frames.push(frame));
    deliver(windowFrames, { seq: 1, item: 'command' });
    deliver(windowFrames, { end: true });
    deliver(id, { seq: 1, item: 'line' });
    expect([commands, frames]).toEqual([['command'], [{ seq: 1, item: 'line' }]]);
  });
});

describe('the address of a run', () => {
  it('may name a target and a tab, and nothing else', () => {
    expect(readRunAddress({ host: 3, tab: 'plan', evil: 1 })).toEqual({ host: 3, tab: 'plan' });
    expect(readRunAddress({ host: -1 })).toEqual({});
    expect(readRunAddress({ host: 'x', tab: 'x' })).toEqual({});
  });
});
