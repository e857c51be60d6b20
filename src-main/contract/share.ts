/**
 * How many of `total` targets `3` or `10%` mean. A share is rounded up, so that 1 % of 20 is one target and never none;
 * a count is not limited by `total`.
 */
export function countOf(spec: string, total: number): number {
  if (!spec.endsWith('%')) {
    return Number(spec);
  }
  const share = Number(spec.slice(0, -1));
  return share === 0 ? 0 : Math.max(1, Math.ceil((share * total) / 100 - 1e-9));
}

/** Sizes of the batches a run is rolled out in, in order; they add up to `total`. The last size given is repeated. */
export function batchSizes(total: number, specs: readonly string[] | undefined): number[] {
  if (!specs || specs.length === 0) {
    return total > 0 ? [total] : [];
  }
  const sizes: number[] = [];
  for (let left = total, index = 0; left > 0; index += 1) {
    const spec = specs[Math.min(index, specs.length - 1)] ?? '100%';
    const size = Math.min(left, Math.max(1, countOf(spec, total)));
    sizes.push(size);
    left -= size;
  }
  return sizes;
}
