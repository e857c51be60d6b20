import { describe, expect, it } from 'vitest';
import { createSseReader, formatFrame, type SseEvent, toFrame } from '#contract/sse';

const readAll = (pieces: string[]): SseEvent[] => {
  const reader = createSseReader();
  return pieces.flatMap((piece) => reader.push(piece));
};

describe('server-sent events', () => {
  const frames = [
    { seq: 1, item: { kind: 'lines', text: 'a\n\nb: "c"\u2028' } },
    { seq: 2, item: { kind: 'end' } },
    { seq: 3, item: 'no object' },
    { seq: 4, item: { kind: 'x\ndata: forged' } },
    { end: true as const, error: { code: 'no-space' as const, message: 'full' } },
  ];
  const text = frames.map(formatFrame).join(': a comment\n\n');

  it('are read as they were written, wherever the text is cut', () => {
    for (let size = 1; size <= 40; size += 1) {
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      expect(readAll(pieces).map(toFrame)).toEqual(frames);
    }
  });

  it('may end their lines with CR LF and leave out the blank', () => {
    expect(readAll(['retry: 9\r\n\r\nid:7\r\nevent:x\r\nda', 'ta:1\r', '\n\r\n'])).toEqual([
      { id: '7', event: 'x', data: '1' },
    ]);
  });

  it('are only there when they are whole', () => {
    expect(readAll(['id: 1\nevent: lines\ndata: {}\n'])).toEqual([]);
  });

  it('tell the closing event from an item of the kind end', () => {
    expect(formatFrame({ end: true })).toBe('event: end\ndata: {}\n\n');
    expect(formatFrame({ seq: 9, item: { kind: 'end' } })).toBe('id: 9\nevent: end\ndata: {"kind":"end"}\n\n');
    expect(formatFrame({ seq: 9, item: { kind: 'x\ndata: forged' } })).toContain('event: item\n');
  });
});
