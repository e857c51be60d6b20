import {
  type CallName,
  contract,
  type DownloadName,
  type FeedName,
  type FileReply,
  type Frame,
  type ItemOf,
  type Name,
  type OutputOf,
  type ParsedOf,
  type Reply,
} from '#contract';
import { DroverError, type WireError } from '#contract/errors';
import { assertPlainJson } from '#contract/plain-json';
import type { Actor, Clock, Log } from '#core/ports';
import { access } from './access.ts';

/** One handler for every entry of the contract: a missing or misnamed one does not compile. */
export type Handlers = {
  [N in CallName]: (input: ParsedOf<N>, actor: Actor) => OutputOf<N> | Promise<OutputOf<N>>;
} & {
  [N in FeedName]: (
    input: ParsedOf<N>,
    actor: Actor,
    signal: AbortSignal,
  ) => AsyncIterable<{ seq: number; item: ItemOf<N> }>;
} & {
  [N in DownloadName]: (input: ParsedOf<N>, actor: Actor) => FileReply | Promise<FileReply>;
};

/** Who asks for what; `actor` is undefined when nobody has signed in. */
type Request = { readonly name: string; readonly input: unknown; readonly actor: Actor | undefined };

type DownloadReply = { ok: true; file: FileReply } | { ok: false; error: WireError };

/** The one way in for every transport; never throws, never rejects. */
export interface Dispatcher {
  call(request: Request): Promise<Reply>;
  /** Ends with exactly one `end` frame, unless `signal` aborts first. */
  follow(request: Request, signal: AbortSignal): AsyncIterable<Frame>;
  download(request: Request): Promise<DownloadReply>;
}

type Kind = (typeof contract)[Name]['kind'];
type AnyHandler = (input: unknown, actor: Actor, signal?: AbortSignal) => unknown;

type Prepared = { readonly handler: AnyHandler; readonly input: unknown; readonly actor: Actor };

const slowMs = 50;

/** Looks the name up, checks who asks, then what is said; throws DroverError. */
function prepare(handlers: Handlers, kind: Kind, { name, input, actor }: Request): Prepared {
  const entry = Object.hasOwn(contract, name) ? contract[name as Name] : undefined;
  if (entry?.kind !== kind) {
    throw new DroverError('not-found', `No ${kind} '${name.slice(0, 100)}'`);
  }
  access(actor, { name, role: entry.role });
  assertPlainJson(input);
  const parsed = entry.input.safeParse(input);
  if (!parsed.success) {
    // Only where and why, never the value: a field may hold a secret.
    const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
    const first = issues[0];
    const where = first?.path ? `${first.path}: ` : '';
    throw new DroverError('bad-input', `Bad input for ${name}: ${where}${first?.message ?? 'invalid'}`, {
      detail: { issues },
    });
  }
  return { handler: handlers[name as Name] as AnyHandler, input: parsed.data, actor: actor as Actor };
}

type DispatcherParts = {
  readonly clock: Clock;
  readonly log: Log;
  /** Told how long each call has kept everything else waiting. */
  readonly note?: (name: string, ms: number) => void;
};

/** Looks up, parses, checks access, calls the handler and wraps the error: the same for every transport. */
export function createDispatcher(handlers: Handlers, { clock, log, note }: DispatcherParts): Dispatcher {
  const toWire = (name: string, error: unknown): WireError => {
    if (error instanceof DroverError) {
      return error.toWire();
    }
    log.error('unexpected error', { name, error });
    return { code: 'internal', message: 'Internal error; the log of this node has the details' };
  };

  const timed = async <T>(name: string, work: () => T | Promise<T>): Promise<T> => {
    const began = clock.monotonic();
    const pending = work();
    const blockedMs = clock.monotonic() - began;
    note?.(name, blockedMs);
    if (blockedMs > slowMs) {
      log.warn('slow call', { name, blockedMs: Math.round(blockedMs) });
    }
    return pending;
  };

  return {
    async call(request) {
      try {
        const { handler, input, actor } = prepare(handlers, 'call', request);
        return { ok: true, value: await timed(request.name, () => handler(input, actor)) };
      } catch (error) {
        return { ok: false, error: toWire(request.name, error) };
      }
    },
    async *follow(request, signal) {
      try {
        const { handler, input, actor } = prepare(handlers, 'feed', request);
        yield* handler(input, actor, signal) as AsyncIterable<Frame>;
        if (!signal.aborted) {
          yield { end: true };
        }
      } catch (error) {
        // Whoever has left neither wants an answer nor has a right to fill the log.
        if (!signal.aborted) {
          yield { end: true, error: toWire(request.name, error) };
        }
      }
    },
    async download(request) {
      try {
        const { handler, input, actor } = prepare(handlers, 'download', request);
        return { ok: true, file: (await timed(request.name, () => handler(input, actor))) as FileReply };
      } catch (error) {
        return { ok: false, error: toWire(request.name, error) };
      }
    },
  };
}
