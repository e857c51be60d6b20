import { DroverError } from '#contract/errors';
import type { Target } from '#contract/node';

/** The word that always means the machine Drover itself runs on. */
const localSelector = 'local';

/** The built-in target: the machine the node runs on, so it carries the node's own id. */
export function localTarget(nodeId: string, platform: string): Target {
  return {
    id: nodeId,
    no: 1,
    name: localSelector,
    address: 'This machine',
    os: platform === 'win32' ? 'windows' : platform === 'linux' ? 'linux' : 'other',
    connection: 'local',
  };
}

/**
 * The targets a selector names, in the order of `targets`, each once. A selector that names none is an error, never
 * "all": `no-targets` when it is empty, `unknown-target` when a part of it matches nothing.
 */
export function selectTargets(selector: string, targets: readonly Target[]): Target[] {
  const names = selector.split(/[\s,，]+/).filter((name) => name !== '');
  if (names.length === 0) {
    throw new DroverError('no-targets', 'No targets were named: give a selector such as `local`');
  }
  const chosen = new Set<Target>();
  for (const name of names) {
    const found = targets.filter((target) => target.name === name || target.id === name);
    if (found.length === 0) {
      throw new DroverError(
        'unknown-target',
        `No target '${name.slice(0, 100)}'; known: ${targets.map((t) => t.name).join(', ')}`,
      );
    }
    for (const target of found) {
      chosen.add(target);
    }
  }
  return targets.filter((target) => chosen.has(target));
}
