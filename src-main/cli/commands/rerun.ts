import { type Command, Option } from 'commander';
import type { InputOf } from '#contract';
import type { RunKey } from '#contract/run';
import { attendRun } from '../attend-run.ts';
import { hostPlaces, runKey } from '../option-values.ts';
import type { Session } from '../session.ts';
import { type AttendFlags, attendOptions, dataOption, detachOption, jsonOption } from './shared-options.ts';

type Flags = AttendFlags & {
  readonly failed?: boolean;
  readonly notStarted?: boolean;
  readonly hosts?: number[];
  readonly data?: string;
};

const after = `
Output, Ctrl-C and exit codes are those of drover exec.

Example:
  drover rerun 12 --failed`;

export function addRerun(program: Command, session: Session): void {
  const command = program
    .command('rerun')
    .summary('run an ended run again')
    .description('Runs an ended run again as it was, on all of its targets or on some, and watches the new run.')
    .argument('<run>', 'number of the run', runKey)
    .addOption(new Option('--failed', 'only targets that failed or timed out').conflicts(['notStarted', 'hosts']))
    .addOption(new Option('--not-started', 'only targets that were never started').conflicts(['failed', 'hosts']))
    .addOption(
      new Option('--hosts <places>', 'only these targets, as drover show counts them: 0,3').argParser(hostPlaces),
    );
  attendOptions(command)
    .addOption(detachOption())
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (run: RunKey, flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, (connection) =>
        attendRun(session, connection, {
          start: (client) => client.call('run.rerun', { run, hosts: choiceOf(flags) }),
          ...flags,
        }),
      );
    });
}

function choiceOf({ failed, notStarted, hosts }: Flags): NonNullable<InputOf<'run.rerun'>['hosts']> {
  return hosts ?? (failed ? 'failed' : notStarted ? 'not-started' : 'all');
}
