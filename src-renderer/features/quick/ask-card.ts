import type { InputOf } from '#contract';
import { DroverError } from '#contract/errors';
import type { ResolvedTarget, RunCard, RunPreview } from '#contract/run-preview';
import { client } from '../../client/index.ts';
import { type Draft, optionsOf, placesOf, startOf, taskOf } from './draft.ts';
import { outlineOf, type RunSecrets } from './run-secrets.ts';

/** What was asked about a start, and what would be sent to start exactly that. */
export type AskedStart = {
  readonly draft: Draft;
  /** Without the login, whose secrets are taken at the moment of the start. */
  readonly request: InputOf<'run.start'>;
  readonly card: RunCard;
  readonly targets: RunPreview['targets'];
  /** The first of its targets; none for a single one. */
  readonly rows: readonly ResolvedTarget[];
};

const mostRows = 1_000;

/** Asks what a start of this draft would touch now. Throws DroverError with what it would be refused for. */
export async function askCard(draft: Draft, secrets: RunSecrets): Promise<AskedStart> {
  const login = outlineOf(draft, secrets);
  const where = { ...placesOf(draft), ...(login && { login }) };
  const ask = (names: readonly string[]): Promise<RunPreview> =>
    client.call('run.preview', { task: taskOf(draft, names), ...where, options: optionsOf(draft), card: true });
  const known = Object.keys(draft.parameters);
  const first = await ask(known);
  const names = first.parameters.map(({ name }) => name);
  // A field that was left empty is the empty text, as it stands in the form.
  const { card, refusal, targets } = names.every((name) => known.includes(name)) ? first : await ask(names);
  if (refusal || !card) {
    throw new DroverError(refusal?.code ?? 'internal', refusal?.message ?? '');
  }
  const rows = targets.total > 1 ? (await client.call('run.resolve', { ...where, limit: mostRows })).targets : [];
  return { draft, request: startOf(draft, names), card, targets, rows };
}
