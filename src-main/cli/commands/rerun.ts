import { type Command, Option } from 'commander';
import type { InputOf } from '#contract';
import type { RunKey } from '#contract/run';
import { attendRun } from '../attend-run.ts';
import { hostPlaces, runKey } from '../option-values.ts';
import type { Session } from '../session.ts';
import { type AttendFlags, attendOptions, dataOption, detachOption, jsonOption } from './shared-options.ts';

type Flags = AttendFlags & {
  readonly failed?: boolean;
  readonly timedOut?: boolean;
  readonly unreachable?: boolean;
  readonly notStarted?: boolean;
  readonly hosts?: number[];
  readonly data?: string;
};

const after = `
Output, Ctrl-C and exit codes are those of drover exec.

Examples:
  drover rerun 12 --failed
  drover rerun 12 --hosts 0-4,7`;

/** A set of targets is named in one way. */
const choices = ['failed', 'timedOut', 'unreachable', 'notStarted', 'hosts'];
const choice = (flags: string, description: string): Option => {
  const option = new Option(flags, description);
  return option.conflicts(choices.filter((name) => name !== option.attributeName()));
};

export function addRerun(program: Command, session: Session): void {
  const command = program
    .command('rerun')
    .summary('run an ended run again')
    .description('Runs an ended run again as it was, on all of its targets or on some, and watches the new run.')
    .argument('<run>', 'number of the run', runKey)
    .addOption(choice('--failed', 'only targets that failed or timed out'))
    .addOption(choice('--timed-out', 'only targets that took too long'))
    .addOption(choice('--unreachable', 'only targets that were never reached'))
    .addOption(choice('--not-started', 'only targets that were never started'))
    .addOption(
      choice('--hosts <places>', 'only these targets, as drover show counts them: 0-4,7').argParser(hostPlaces),
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

function choiceOf(flags: Flags): NonNullable<InputOf<'run.rerun'>['hosts']> {
  if (flags.hosts) {
    return flags.hosts;
  }
  if (flags.failed) {
    return 'failed';
  }
  if (flags.timedOut) {
    return 'timeout';
  }
  if (flags.unreachable) {
    return 'unreachable';
  }
  return flags.notStarted ? 'not-started' : 'all';
}
