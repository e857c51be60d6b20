import type { TFunction } from 'i18next';
import { batchSizes, countOf } from '#contract/share';

/** More sizes than these are not read, only counted. */
const mostSizes = 8;

/** `3 batches: 1, 10 and 89 targets`, from sizes that may be shares. */
export function batchWords(t: TFunction, total: number, specs: readonly string[]): string {
  const sizes = batchSizes(total, specs);
  const shown = sizes.slice(0, mostSizes).join(', ');
  return t('plan.batchesWords', {
    count: sizes.length,
    asked: specs.join(', '),
    sizes: sizes.length > mostSizes ? `${shown}, …` : shown,
  });
}

/** A threshold as a number of targets, with the share it was given as. */
export const thresholdOf = (spec: string, total: number): { spec: string; count: number } => ({
  spec,
  count: countOf(spec, total),
});
