import { QueryClient } from '@tanstack/react-query';
import type { InputOf, Wire } from '#contract';
import { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import { attentionGate } from './attention-gate.ts';
import { Connection, watchedWire } from './connection.ts';
import { followSteadily } from './follow-steadily.ts';
import { httpWire } from './http-wire.ts';
import { ipcWire } from './ipc-wire.ts';
import { LiveRuns } from './live-runs.ts';
import { WindowCommands } from './window-commands.ts';

type Bridge = Parameters<typeof ipcWire>[0];

const bridge = (globalThis as { droverBridge?: Bridge }).droverBridge;

export const windowCommands = new WindowCommands();

/** In a window of the desktop application the preload has left a bridge; in a browser the page's own server answers. */
const wire: Wire = bridge
  ? ipcWire(bridge, windowCommands.take)
  : httpWire('', { onState: (state) => state === 'lost' && connection.noteFailure('engine-unreachable') });

export const inBrowser = bridge === undefined;

export const connection = new Connection(() => wire.send('node.info', {}));

export const client = new DroverClient(watchedWire(wire, connection));

export const gate = attentionGate(connection, document);

export const liveRuns = new LiveRuns();

export const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: false, refetchOnWindowFocus: false, staleTime: 2_000 },
    mutations: { retry: false },
  },
});

/** Where a browser fetches the bytes of `run.download`. */
export function downloadUrl(query: InputOf<'run.download'>): string {
  return `/api/run.download?q=${encodeURIComponent(JSON.stringify(query))}`;
}

/** Where it fetches those of `run.results`; commas may stand in an address as they are, which keeps long lists short. */
export function resultsUrl(query: InputOf<'run.results'>): string {
  return `/api/run.results?q=${encodeURIComponent(JSON.stringify(query)).replaceAll('%2C', ',')}`;
}

async function followChanges(signal: AbortSignal): Promise<void> {
  const follow = followSteadily(
    { client, gate },
    { name: 'run.changes', input: {}, resume: (input, after) => ({ ...input, after }) },
    { signal, onItem: (change) => liveRuns.take(change) },
  );
  await follow.catch((error: unknown) => {
    if (!(error instanceof DroverError)) {
      throw error;
    }
  });
}

/** Asks which runs are live, and what became of those that were and are no longer. */
async function listLive(): Promise<void> {
  const { runs } = await client.call('run.list', { status: ['pending', 'running', 'cancelling'], limit: 500 });
  const listed = new Set(runs.map((run) => run.no));
  const gone = liveRuns.live.filter((run) => !listed.has(run.no));
  liveRuns.takeAll(runs);
  for (const { no } of gone) {
    const { run } = await client.call('run.get', { run: no });
    liveRuns.take({ kind: 'run', run });
  }
}

const sessionKey = 'drover-session';

/** Tells the other tabs of this browser that somebody has signed in or out. */
export function noteSession(): void {
  try {
    localStorage.setItem(sessionKey, String(Date.now()));
  } catch {
    // They find out by themselves, only later.
  }
}

/** Looks again as soon as another tab has signed in or out, or this one is looked at again. */
function watchSession(): void {
  window.addEventListener('storage', ({ key }) => key === sessionKey && connection.check());
  window.addEventListener('focus', () => connection.state.phase === 'signed-out' && connection.check());
}

/** Starts to watch the engine; what was missed while it was away is asked for again when it is back. */
export function startClient(): void {
  let before = connection.state.phase;
  let follow: AbortController | undefined;
  connection.subscribe(() => {
    const { phase } = connection.state;
    const cameBack = phase === 'online' && before !== 'online';
    before = phase;
    if (phase === 'signed-out') {
      follow?.abort();
      follow = undefined;
    }
    if (cameBack) {
      if (!follow) {
        const round = new AbortController();
        follow = round;
        void followChanges(round.signal).finally(() => {
          follow = follow === round ? undefined : follow;
        });
      }
      listLive().catch(() => {});
      void queries.invalidateQueries();
    }
  });
  watchSession();
  // A link that is just being exchanged has no session to ask with yet.
  if (!window.location.hash.startsWith('#/enter/')) {
    connection.check();
  }
}
