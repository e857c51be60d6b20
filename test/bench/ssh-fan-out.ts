import { BenchEngine, ScratchFolder } from './bench-engine.ts';
import { type Figure, figureOf, median } from './figure.ts';
import { SshFleet, type Took } from './ssh-fleet.ts';
import { fastestPeer, fleetSize } from './ssh-peers.ts';

/** As shares of what the fastest peer takes. */
const bars = { coldWall: 0.4, coldCpu: 0.2, warmWall: 0.08 };

const wall = ({ ms }: Took): number => ms;
const cpu = ({ cpuMs }: Took): number => cpuMs;

/** `drover exec` of `hostname` on 200 hosts, 64 at once, in turn with the fastest peer: a process of its own, and through a running engine. */
export async function sshFanOut(rounds: number): Promise<Figure[]> {
  await using fleet = await SshFleet.start(fleetSize);
  await using engine = await BenchEngine.start();
  using used = new ScratchFolder();
  // The data folder has been used and the host keys are known, as the peers know them; the engine has its connections.
  await fleet.time(fleet.drover(used.path));
  await fleet.time(fleet.drover(engine.data));
  const peer = await fastestPeer(fleet);
  const took = { cold: new Array<Took>(), warm: new Array<Took>(), peer: new Array<Took>() };
  for (let round = 0; round < rounds; round += 1) {
    took.peer.push(await peer.time());
    took.cold.push(await fleet.time(fleet.drover(used.path)));
    took.warm.push(await fleet.time(fleet.drover(engine.data)));
  }
  const figure = (name: string, measured: readonly Took[], { of, share }: Held): Figure => {
    const values = took.peer.map(of);
    const bar = Math.round(share * median(values));
    return figureOf({ name, unit: 'ms', values: measured.map(of), bar, peer: { name: peer.name, values } });
  };
  const on = `${fleetSize} hosts by ssh`;
  return [
    figure(`${on}: own engine`, took.cold, { of: wall, share: bars.coldWall }),
    figure(`${on}: own engine, CPU`, took.cold, { of: cpu, share: bars.coldCpu }),
    figure(`${on}: through a running engine`, took.warm, { of: wall, share: bars.warmWall }),
  ];
}

type Held = { readonly of: (took: Took) => number; readonly share: number };
