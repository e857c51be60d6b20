import type { Command } from 'commander';
import type { SupportMade } from '../host.ts';
import { jsonLine } from '../json-line.ts';
import type { Session } from '../session.ts';
import { bytesText } from '../wording.ts';
import { dataOption, jsonOption } from './shared-options.ts';

type Flags = {
  readonly withNames?: boolean;
  readonly force?: boolean;
  readonly data?: string;
  readonly json?: boolean;
};

const after = `
Inside are versions, numbers, settings, what drover doctor finds and the end of the log. Not inside are scripts, outputs,
parameters, secrets and values of the environment. Names and addresses of machines are replaced, unless --with-names is given.
Look through it before you hand it on.

Examples:
  drover support
  drover support /tmp/node-1.zip --with-names`;

export function addSupport(program: Command, session: Session): void {
  program
    .command('support')
    .summary('pack what somebody needs who shall find out what is wrong')
    .description('Packs what this node knows about itself into one file, without secrets, scripts and outputs.')
    .argument('[file]', 'where it is written (default: drover-support-DATE.zip in this folder)')
    .option('--with-names', 'leave the names and addresses of machines as they are')
    .option('--force', 'overwrite the file when it is there already')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (file: string | undefined, { withNames = false, force = false, data, json }: Flags) => {
      const made = await session.host.support({ file, withNames, force, data });
      session.out.write(json ? jsonLine(made) : madeText(made));
      session.exitCode = 0;
    });
}

function madeText({ file, bytes, inside, withNames }: SupportMade): string {
  return [
    `${file}: ${bytesText(bytes)}, readable for this account alone`,
    `Inside: ${inside.join(', ')}`,
    withNames
      ? 'Names and addresses of machines stand in it. Look through it before you hand it on.'
      : 'Names and addresses of machines were replaced. Look through it before you hand it on.',
    '',
  ].join('\n');
}
