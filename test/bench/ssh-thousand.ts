import { ScratchFolder } from './bench-engine.ts';
import { type Figure, figureOf, median } from './figure.ts';
import { SshFleet, type Took } from './ssh-fleet.ts';
import { fleetSize } from './ssh-peers.ts';

const manyHosts = 1_000;
/** A little more than the share of hosts, so that nothing may grow faster than they do. */
const growthBar = 5.5;
const peakBarMb = 500;

/** `drover exec` as a process of its own on 1,000 hosts, in turn with the same on 200. */
export async function sshThousand(rounds: number): Promise<Figure[]> {
  await using fleet = await SshFleet.start(manyHosts);
  using used = new ScratchFolder();
  await fleet.time(fleet.drover(used.path));
  const took = { few: new Array<Took>(), many: new Array<Took>() };
  for (let round = 0; round < rounds; round += 1) {
    took.few.push(await fleet.time(fleet.drover(used.path, fleetSize), fleetSize));
    took.many.push(await fleet.time(fleet.drover(used.path)));
  }
  const few = took.few.map(({ ms }) => ms);
  return [
    figureOf({
      name: `${manyHosts} hosts by ssh: own engine`,
      unit: 'ms',
      values: took.many.map(({ ms }) => ms),
      bar: Math.round(growthBar * median(few)),
      cpuMs: median(took.many.map(({ cpuMs }) => cpuMs)),
      peer: { name: `the same on ${fleetSize}`, values: few },
    }),
    figureOf({
      name: `${manyHosts} hosts by ssh: highest memory`,
      unit: 'MB',
      values: took.many.map(({ peakMb }) => peakMb),
      bar: peakBarMb,
    }),
  ];
}
