/** What a hit asks for; each is stricter than the one before. */
export type Level = 'note' | 'confirm' | 'second-person' | 'forbid';

/** One reason to stop, in the words of the rule that found it. */
export type Hit = {
  /** Name of the rule, such as `fs.delete.system`. */
  readonly rule: string;
  readonly level: Level;
  /** One sentence for a person. */
  readonly say: string;
  /** The command as it was understood, or the place that could not be. */
  readonly what: string;
  /** Line of the submitted text, from 1. */
  readonly line: number;
  readonly safer?: string;
};

export type Judgement = {
  readonly verdict: 'allow' | 'block';
  /** The strictest of the hits; null when there is none. */
  readonly level: Level | null;
  readonly hits: readonly Hit[];
  /** Commands that were understood. */
  readonly commands: number;
};

const order: Readonly<Record<Level, number>> = { note: 0, confirm: 1, 'second-person': 2, forbid: 3 };

export function isStricter(one: Level, other: Level): boolean {
  return order[one] > order[other];
}

export function judgementOf(hits: readonly Hit[], commands: number): Judgement {
  const sorted = hits.toSorted((one, other) => order[other.level] - order[one.level] || one.line - other.line);
  const level = sorted[0]?.level ?? null;
  return { verdict: level === null || level === 'note' ? 'allow' : 'block', level, hits: sorted, commands };
}
