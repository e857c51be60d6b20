import type { Exec, PlannedHost } from '#core/ports';

/** Hands each target to the way it is reached. */
export function execByConnection(ways: Partial<Record<PlannedHost['connection'], Exec>>): Exec {
  return {
    async run(request, sink, stop) {
      const { connection } = request.target;
      const way = ways[connection];
      return way
        ? way.run(request, sink, stop)
        : {
            kind: 'failed',
            reason: 'unreachable',
            stopped: null,
            message: `Nothing here reaches targets by ${connection}`,
          };
    },
  };
}
