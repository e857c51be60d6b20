import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { terminalPrompt } from '../../src-main/cli/terminal-prompt.ts';

/** A terminal that remembers what was shown, in which mode it is, and whether it was left. */
function fakeTerminal() {
  const keyboard = Object.assign(new EventEmitter(), {
    raw: false,
    setRawMode(raw: boolean) {
      keyboard.raw = raw;
    },
    resume() {},
    pause() {},
  });
  const seen = { text: '', rawWhenAsked: false, closed: 0 };
  const prompt = terminalPrompt(
    () => ({
      keyboard,
      screen: {
        write(text) {
          seen.rawWhenAsked ||= seen.text === '' && keyboard.raw;
          seen.text += text;
        },
      },
      close() {
        seen.closed += 1;
      },
    }),
    { isInteractive: true },
  );
  return { prompt, seen, keyboard, type: (text: string) => keyboard.emit('data', Buffer.from(text)) };
}

describe('a hidden question', () => {
  it('shows nothing of the answer and puts the terminal back', async () => {
    const { prompt, seen, keyboard, type } = fakeTerminal();
    const answer = prompt.askHidden('Password: ');
    expect(keyboard.raw).toBe(true);
    type('s3c');
    type('ret\r');
    expect(await answer).toBe('s3cret');
    expect(seen).toEqual({ text: 'Password: \n', rawWhenAsked: true, closed: 1 });
    expect(keyboard.raw).toBe(false);
    expect(keyboard.listenerCount('data')).toBe(0);
  });

  it.each([
    ['ab\u007fc\r', 'ac'],
    ['\u007f\u007fx\r', 'x'],
    ['wrong\u0015right\r', 'right'],
    ['two words\u0017x\r', 'two x'],
    ['a\u001b[Db\u001bOHc\u001b[3~d\r', 'abcd'],
    ['héß🐑\r', 'héß🐑'],
    ['\u0007a\tb\n', 'ab'],
    ['a\u0004b\r', 'ab'],
    ['\r', ''],
    ['x'.repeat(11_000) + '\r', 'x'.repeat(10_000)],
  ])('reads %j', async (keys, expected) => {
    const { prompt, type } = fakeTerminal();
    const answer = prompt.askHidden('');
    type(keys);
    expect(await answer).toBe(expected);
  });

  it('reads a character that comes in two pieces', async () => {
    const { prompt, keyboard } = fakeTerminal();
    const answer = prompt.askHidden('');
    keyboard.emit('data', Buffer.from([0xc3]));
    keyboard.emit('data', Buffer.from([0xa9, 0x0d]));
    expect(await answer).toBe('é');
  });

  it.each([['abc\u0003'], ['\u0004'], ['a\u001b\u0003']])('is refused by %j', async (keys) => {
    const { prompt, type, keyboard } = fakeTerminal();
    const answer = prompt.askHidden('');
    type(keys);
    expect(await answer).toBeNull();
    expect(keyboard.raw).toBe(false);
  });

  it.each(['end', 'close'])('is refused when the terminal sends %s', async (event) => {
    const { prompt, keyboard } = fakeTerminal();
    const answer = prompt.askHidden('');
    keyboard.emit(event);
    expect(await answer).toBeNull();
  });
});

describe('a question', () => {
  it('shows what is typed, and takes back what is erased', async () => {
    const { prompt, seen, type } = fakeTerminal();
    const answer = prompt.ask('Go on? [y/N] ');
    type('yx\u007f\r');
    expect(await answer).toBe('y');
    expect(seen.text).toBe('Go on? [y/N] yx\b \b\n');
  });
});
