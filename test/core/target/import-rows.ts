import type { TargetFields } from '#contract/target';
import { importTargets } from '#core/target/import-targets';

type Format = Parameters<typeof importTargets>[1];

/** What a first import of a text writes, by name. */
export function newTargets(text: string, format: Format = 'auto'): Map<string, TargetFields> {
  const { writes } = importTargets(text, format, { existing: [], defaults: {} });
  return new Map(writes.flatMap((write) => (write.kind === 'new' ? [[write.fields.name, write.fields] as const] : [])));
}

/** Notes and rows of a first import. */
export const preview = (text: string, format: Format = 'auto') =>
  importTargets(text, format, { existing: [], defaults: {} });
