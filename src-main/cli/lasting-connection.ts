import type { CallName, FeedName, Frame, InputOf, Wire } from '#contract';
import { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import type { Connection } from './host.ts';

const mostTries = 3;
const notConnected = new Set(['ENOENT', 'ECONNREFUSED']);
const starting = new Set(['run.start', 'run.rerun']);

/**
 * A connection that finds the next engine when the present one has just left, as the engine of another command line does.
 * A call is made again only when it was never delivered or was refused for that reason, and none once a run was started:
 * a second engine would have to count that run as lost.
 */
export async function lastingConnection(connect: () => Promise<Connection>): Promise<Connection> {
  let current = await connect();
  let started = false;
  const tryAgain = async <T>(ask: (connection: Connection) => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await ask(current);
      } catch (error) {
        if (started || current.local || tries > mostTries || !hasLeft(error)) {
          throw error;
        }
        await current.close();
        current = await connect();
      }
    }
  };
  const wire: Wire = {
    async send(name, input) {
      try {
        const value = await tryAgain(({ client }) => client.call(name as CallName, input as InputOf<CallName>));
        started ||= starting.has(name);
        return { ok: true, value };
      } catch (error) {
        if (error instanceof DroverError) {
          return { ok: false, error: error.toWire() };
        }
        throw error;
      }
    },
    open: (name, input, onFrame) => follow(current.client, { name, input, onFrame }),
  };
  return {
    client: new DroverClient(wire),
    get local() {
      return current.local;
    },
    download: (name, input) => tryAgain((connection) => connection.download(name, input)),
    close: () => current.close(),
  };
}

/** Certain to have done nothing: nobody listened, or the engine said that it takes nothing more. */
function hasLeft(error: unknown): boolean {
  if (!(error instanceof DroverError)) {
    return false;
  }
  const reason = error.detail?.['reason'];
  return (
    error.code === 'engine-stopping' ||
    (error.code === 'engine-unreachable' && typeof reason === 'string' && notConnected.has(reason))
  );
}

type Feed = { readonly name: string; readonly input: unknown; readonly onFrame: (frame: Frame) => void };

function follow(client: DroverClient, { name, input, onFrame }: Feed): () => void {
  const abort = new AbortController();
  const tell = (frame: Frame): void => {
    if (!abort.signal.aborted) {
      onFrame(frame);
    }
  };
  client
    .follow(name as FeedName, input as InputOf<FeedName>, {
      onItem: (item, seq) => tell({ seq, item }),
      signal: abort.signal,
    })
    .then(
      () => tell({ end: true }),
      (error: unknown) =>
        tell({
          end: true,
          error: (error instanceof DroverError ? error : new DroverError('internal', String(error))).toWire(),
        }),
    );
  return () => abort.abort();
}
