/** What was measured: each round, and what it is held against. */
export type Figure = {
  readonly name: string;
  readonly unit: 'ms' | 'MB';
  /** One for each round, in their order. */
  readonly values: readonly number[];
  readonly median: number;
  /** The median may be this much at most; null when the figure is told for information. */
  readonly bar: number | null;
  /** The bar is a time of the machine it was set on, and holds that many times longer on a slower one; 1 else. */
  readonly pace: number;
  /** The same by the simplest program that could do it, measured in turn with it on the same machine. */
  readonly peer: Peer | null;
  /** Milliseconds of CPU that one round took of the process that was measured. */
  readonly cpuMs: number | null;
};

type Peer = {
  readonly name: string;
  readonly values: readonly number[];
  readonly median: number;
  readonly ratio: number;
};

type Measured = Pick<Figure, 'name' | 'unit' | 'values'> &
  Partial<Pick<Figure, 'bar' | 'cpuMs' | 'pace'>> & { readonly peer?: Pick<Peer, 'name' | 'values'> };

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** The middle value; the mean of both where there are two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) {
    throw new Error('no values were measured');
  }
  return (low + high) / 2;
}

/** The figure that these rounds make. */
export function figureOf({ name, unit, values, bar = null, pace = 1, cpuMs = null, peer }: Measured): Figure {
  const middle = median(values);
  return {
    name,
    unit,
    values: values.map(rounded),
    median: rounded(middle),
    bar,
    pace,
    peer: peer ? peerOf(peer, middle) : null,
    cpuMs: cpuMs === null ? null : rounded(cpuMs),
  };
}

function peerOf({ name, values }: Pick<Peer, 'name' | 'values'>, own: number): Peer {
  const middle = median(values);
  return { name, values: values.map(rounded), median: rounded(middle), ratio: rounded(own / middle) };
}

export const isMissed = ({ median, bar, pace }: Figure): boolean => bar !== null && median > bar * pace;
