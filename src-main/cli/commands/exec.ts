import { type Command, Option } from 'commander';
import { DroverError } from '#contract/errors';
import { RunOptions, scriptTypes } from '#contract/run';
import { attendRun } from '../attend-run.ts';
import { inputText } from '../input-text.ts';
import { batchSizes, countOrShare, nameAndValue, onlyOnce, wholeNumber } from '../option-values.ts';
import type { Session } from '../session.ts';
import { checkExec, type ExecFlags, startRequest } from '../start-request.ts';
import { dataOption, detachOption, jsonOption, quietOption } from './shared-options.ts';

type Flags = ExecFlags & {
  readonly data?: string;
  readonly detach?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
};

const after = `
One word behind -- is shell text. Several words are a command and its arguments: each is quoted, nothing in them is
expanded. With --script they are the arguments of the script. No value is ever read from a file by writing @FILE.

Output is shown as it comes, standard output and standard error apart; with several targets each line begins with the
name of its target. Ctrl-C cancels the run, a second one kills it at once, a third one leaves.
If whoever reads the output goes away (| head), the run is neither cancelled nor left alone: nothing more is shown,
and Drover waits for its end and exits with its code. Ctrl-C still cancels.

Exit codes: 0 ok, 1 some failed, 2 usage or unknown or empty selector, 3 refused or engine unreachable, 124 timed out,
130 cancelled.

Examples:
  drover exec -t local -- 'df -h | sort'
  drover exec -t local --timeout 30 -- ls -l '/srv/my data'
  drover exec -t local --script cleanup.py --param DAYS=7 -- --verbose
  drover exec -t web1,web2,web3 --batch 1,50% --stop-after 1 --json -- systemctl reload nginx`;

const { shape } = RunOptions;

/** `words` are those behind `--`, which no option parser may see. */
export function addExec(program: Command, session: Session, words: readonly string[]): void {
  program
    .command('exec')
    .summary('run a command or a script and watch it')
    .description('Runs a command or a script on targets, shows what they write, and exits as they did.')
    .usage('-t SELECTOR [options] -- COMMAND')
    .argument('[words...]')
    .option('-t, --target <selector>', 'where to run: names of targets; local is this machine (required)', onlyOnce)
    .option('--script <file>', 'run this file; - is standard input')
    .addOption(new Option('--language <language>', 'of the text; else from the extension of FILE').choices(scriptTypes))
    .option('--name <name>', 'name of the run, for lists')
    .option('--param <name=value>', 'value of a {{ NAME }} in the text; repeat for more', nameAndValue)
    .option('--no-parameters', 'leave every {{ … }} of the text alone')
    .option('--env <name=value>', 'environment variable of the script; repeat for more', nameAndValue)
    .option('--stdin <file>', 'what its commands read; - is standard input (default: nothing)')
    .option('--timeout <s>', 'seconds one target may take (default: 600)', wholeNumber(shape.timeoutS))
    .option('--deadline <s>', 'seconds the whole run may take (default: no limit)', wholeNumber(shape.deadlineS))
    .option('-c, --concurrency <n>', 'targets worked on at once (default: 64)', wholeNumber(shape.concurrency))
    .option('--batch <sizes>', 'roll out in batches: 10, 10% or 1,10%,100%', batchSizes)
    .option('--pause <s>', 'seconds between two batches', wholeNumber(shape.pauseS))
    .option('--stop-after <n|n%>', 'start nothing more after so many failed targets', countOrShare)
    .option('--tolerate <n|n%>', 'up to so many failed targets are still a success', countOrShare)
    .addOption(detachOption())
    .addOption(quietOption())
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (misplaced: string[], flags: Flags) => {
      if (misplaced.length > 0) {
        throw new DroverError('bad-input', `'${misplaced[0]}' stands before --: the command stands behind it`);
      }
      session.exitCode = await exec(session, flags, words);
    });
}

async function exec(session: Session, flags: Flags, words: readonly string[]): Promise<number> {
  checkExec(flags, words);
  const read = async (file: string | undefined): Promise<string | undefined> =>
    file === undefined ? undefined : inputText(file, session.host);
  const request = startRequest(flags, { words, script: await read(flags.script), stdin: await read(flags.stdin) });
  return session.withEngine({ data: flags.data }, (connection) =>
    attendRun(session, connection, {
      start: (client) => client.call('run.start', request),
      detach: flags.detach ?? false,
      json: flags.json ?? false,
      quiet: flags.quiet ?? false,
    }),
  );
}
