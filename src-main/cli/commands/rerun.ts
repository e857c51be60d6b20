import { type Command, Option } from 'commander';
import type { InputOf } from '#contract';
import type { RunKey } from '#contract/run';
import { attendRun } from '../attend-run.ts';
import { hostPlaces, runKey } from '../option-values.ts';
import type { Session } from '../session.ts';
import { dataOption, detachOption, jsonOption, quietOption } from './shared-options.ts';

type Flags = {
  readonly failed?: boolean;
  readonly notStarted?: boolean;
  readonly hosts?: number[];
  readonly data?: string;
  readonly detach?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
};

const after = `
Output, Ctrl-C and exit codes are those of drover exec.

Example:
  drover rerun 12 --failed`;

export function addRerun(program: Command, session: Session): void {
  program
    .command('rerun')
    .summary('run an ended run again')
    .description('Runs an ended run again as it was, on all of its targets or on some, and watches the new run.')
    .argument('<run>', 'number of the run', runKey)
    .addOption(new Option('--failed', 'only targets that failed or timed out').conflicts(['notStarted', 'hosts']))
    .addOption(new Option('--not-started', 'only targets that were never started').conflicts(['failed', 'hosts']))
    .addOption(
      new Option('--hosts <places>', 'only these targets, as drover show counts them: 0,3').argParser(hostPlaces),
    )
    .addOption(detachOption())
    .addOption(quietOption())
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (run: RunKey, flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, (connection) =>
        attendRun(session, connection, {
          start: (client) => client.call('run.rerun', { run, hosts: choiceOf(flags) }),
          detach: flags.detach ?? false,
          json: flags.json ?? false,
          quiet: flags.quiet ?? false,
        }),
      );
    });
}

function choiceOf({ failed, notStarted, hosts }: Flags): NonNullable<InputOf<'run.rerun'>['hosts']> {
  return hosts ?? (failed ? 'failed' : notStarted ? 'not-started' : 'all');
}
