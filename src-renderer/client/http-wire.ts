import type { Reply, Wire } from '#contract';
import { type ConnectFeed, openResumingFeed, type WireState } from '#contract/resuming-feed';

export type HttpWireOptions = {
  /** Told when the engine is reached again and when it is not. */
  readonly onState?: (state: WireState) => void;
  /** Stands in for the browser's own, for a caller that has no cookies. */
  readonly fetch?: typeof fetch;
};

/** Calls by POST and feeds as text/event-stream; `base` is empty for the engine that served the page. */
export function httpWire(base: string, options: HttpWireOptions = {}): Wire {
  // Called as a plain function: the browser's own fetch refuses any other `this`.
  const ask: typeof fetch = (...args) => (options.fetch ?? fetch)(...args);
  const onState = onChange(options.onState);

  return {
    async send(name, input) {
      const reply = await post(ask, `${base}/api/${encodeURIComponent(name)}`, input);
      onState(reply ? 'online' : 'lost');
      return reply ?? { ok: false, error: { code: 'engine-unreachable', message: 'The engine does not answer' } };
    },
    open(name, input, onFrame) {
      const query = encodeURIComponent(JSON.stringify(input ?? {}));
      const url = `${base}/api/${encodeURIComponent(name)}?q=${query}`;
      return openResumingFeed(connectBy(ask, url), { onFrame, onState });
    },
  };
}

async function post(ask: typeof fetch, url: string, input: unknown): Promise<Reply | undefined> {
  const body = JSON.stringify(input ?? {});
  const headers = { 'content-type': 'application/json' };
  try {
    return toReply(await (await ask(url, { method: 'POST', headers, body })).json());
  } catch {
    // Nobody answered, or something between answered in its own words.
    return undefined;
  }
}

function connectBy(ask: typeof fetch, url: string): ConnectFeed {
  return async (lastSeq, signal) => {
    const headers = {
      accept: 'text/event-stream',
      ...(lastSeq !== undefined && { 'last-event-id': String(lastSeq) }),
    };
    const response = await ask(url, { headers, signal, cache: 'no-store' });
    if (response.body && response.headers.get('content-type')?.startsWith('text/event-stream')) {
      return { chunks: textOf(response.body) };
    }
    const reply = toReply(await response.json());
    if (!reply || reply.ok || reply.error.code === 'engine-stopping') {
      throw new Error('No feed was answered');
    }
    return { refused: reply.error };
  };
}

async function* textOf(body: ReadableStream<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    yield decoder.decode(piece.value, { stream: true });
  }
}

function toReply(value: unknown): Reply | undefined {
  return typeof value === 'object' && value !== null && 'ok' in value ? (value as Reply) : undefined;
}

function onChange(onState: ((state: WireState) => void) | undefined): (state: WireState) => void {
  let current: WireState | undefined;
  return (state) => {
    if (state !== current) {
      current = state;
      onState?.(state);
    }
  };
}
