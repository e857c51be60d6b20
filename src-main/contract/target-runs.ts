import { z } from 'zod';
import { call } from './define.ts';
import { HostStatus } from './run.ts';

/** The newest run of a target, what became of the target in it, and when it began there or was created. */
const LastRun = z.strictObject({ targetId: z.string(), no: z.int(), status: HostStatus, at: z.int() });
export type LastRun = z.infer<typeof LastRun>;

export const targetRunsContract = {
  /** For a column of a list: targets that never ran under their present name are left out. */
  'target.lastRuns': call(
    z.strictObject({ ids: z.array(z.string()).min(1).max(1_000) }),
    z.strictObject({ runs: z.array(LastRun) }),
    { role: 'viewer' },
  ),
};
