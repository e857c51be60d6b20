import type { InputOf } from '#contract';
import type { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import type { RunRef } from '#contract/run';
import { nearestName } from './nearest-name.ts';
import type { Session } from './session.ts';

type Request = InputOf<'run.start'>;

/** Starts the run; values that the text does not use are said before, and a name it lacks is answered with the nearest. */
export async function startWithHints(session: Session, client: DroverClient, request: Request): Promise<RunRef> {
  const given = Object.keys(request.task.parameters ?? {});
  if (given.length > 0) {
    await tellUnused(session, client, { request, given });
  }
  try {
    return await client.call('run.start', request);
  } catch (error) {
    throw withNearest(error, given);
  }
}

type Asked = { readonly request: Request; readonly given: readonly string[] };

async function tellUnused(session: Session, client: DroverClient, { request, given }: Asked): Promise<void> {
  const used = request.task.noParameters ? [] : await usedNames(client, request);
  for (const name of given.filter((each) => !used?.includes(each) && used !== undefined)) {
    const why = request.task.noParameters ? ' because of --no-parameters' : '';
    const guess = nearestName(
      name,
      (used ?? []).filter((each) => !given.includes(each)),
    );
    session.notice(`--param ${name} is not used by the text${why}${guess ? `; did you mean ${guess}?` : ''}`);
  }
}

/** Undefined when it cannot be told; the start then says what is wrong. */
async function usedNames(client: DroverClient, { task }: Request): Promise<string[] | undefined> {
  try {
    const { parameters } = await client.call('run.preview', { task, targets: '' });
    return parameters.map(({ name }) => name);
  } catch (error) {
    if (error instanceof DroverError) {
      return undefined;
    }
    throw error;
  }
}

function withNearest(error: unknown, given: readonly string[]): unknown {
  const name = error instanceof DroverError && error.code === 'bad-parameter' ? error.detail?.['name'] : undefined;
  if (!(error instanceof DroverError) || typeof name !== 'string') {
    return error;
  }
  const guess = nearestName(name, given);
  const remedy = guess ? `--param ${guess} was given: did you mean ${name}?` : `Give it a value: --param ${name}=VALUE`;
  return new DroverError(error.code, error.message, { cause: error, detail: { remedy, ...error.detail } });
}
