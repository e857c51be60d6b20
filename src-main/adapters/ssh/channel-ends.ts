import type { ClientChannel } from 'ssh2';

type Exit = { readonly code: number | null; readonly signal: string | undefined };

/** How a channel comes to its ends; a side that never says how it exited leaves `exited` open. */
export type ChannelEnds = { readonly exited: Promise<Exit>; readonly closed: Promise<void> };

const known = new WeakMap<ClientChannel, ChannelEnds>();

/** To be called in the very callback that gives the channel: its last words may come with the same bytes. */
export function watchEnds(channel: ClientChannel): ClientChannel {
  const exited = new Promise<Exit>((resolve) => {
    channel.once('exit', (code: number | null, signal?: string) => resolve({ code, signal }));
  });
  const closed = new Promise<void>((resolve) => {
    channel.once('close', () => resolve());
  });
  known.set(channel, { exited, closed });
  return channel;
}

export function endsOf(channel: ClientChannel): ChannelEnds {
  const ends = known.get(channel);
  if (!ends) {
    throw new Error('a channel whose ends nobody watches');
  }
  return ends;
}
