import type { Frame } from './index.ts';

/** One event as it stands on the wire; `id` is undefined when the event has none of its own. */
export type SseEvent = { readonly id: string | undefined; readonly event: string; readonly data: string };

const eventName = /^[\w.-]{1,64}$/;

/** A frame as text/event-stream: an item has its number as `id`, the closing `event: end` has no `id`. */
export function formatFrame(frame: Frame): string {
  if ('end' in frame) {
    return `event: end\ndata: ${JSON.stringify(frame.error ? { error: frame.error } : {})}\n\n`;
  }
  return `id: ${frame.seq}\nevent: ${nameOf(frame.item)}\ndata: ${JSON.stringify(frame.item)}\n\n`;
}

/** The frame an event stands for; throws SyntaxError when the data is not JSON. */
export function toFrame({ id, event, data }: SseEvent): Frame {
  const value: unknown = JSON.parse(data);
  // An item may be of the kind `end` too; only the closing event has no number.
  if (event === 'end' && id === undefined) {
    return { end: true, ...(value as object) };
  }
  return { seq: Number(id), item: value };
}

/** Cuts text that comes in pieces into events; a piece may end anywhere. */
export function createSseReader(): { push(text: string): SseEvent[] } {
  let rest = '';
  let id: string | undefined;
  let event = 'message';
  let data: string[] = [];

  const take = (line: string): void => {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') {
      data.push(value);
    } else if (field === 'id') {
      id = value;
    } else if (field === 'event') {
      event = value;
    }
  };

  const finish = (): SseEvent | undefined => {
    const whole = data.length > 0 ? { id, event, data: data.join('\n') } : undefined;
    id = undefined;
    event = 'message';
    data = [];
    return whole;
  };

  return {
    push(text) {
      const events: SseEvent[] = [];
      let from = 0;
      // What is left over holds no line end, so that only the new text needs to be looked through.
      let cut = text.indexOf('\n');
      while (cut >= 0) {
        const line = (rest + text.slice(from, cut)).replace(/\r$/, '');
        rest = '';
        const whole = line === '' ? finish() : take(line);
        if (whole) {
          events.push(whole);
        }
        from = cut + 1;
        cut = text.indexOf('\n', from);
      }
      rest += text.slice(from);
      return events;
    },
  };
}

function nameOf(item: unknown): string {
  const kind = typeof item === 'object' && item !== null && 'kind' in item ? item.kind : undefined;
  return typeof kind === 'string' && eventName.test(kind) ? kind : 'item';
}
