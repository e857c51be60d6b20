/** Matching lines by target, while somebody searches. */
export type HitCounts = ReadonlyMap<number, number>;
