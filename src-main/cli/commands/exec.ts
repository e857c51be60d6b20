import { type Command, Option } from 'commander';
import { DroverError } from '#contract/errors';
import { RunOptions, scriptTypes } from '#contract/run';
import { attendRun } from '../attend-run.ts';
import { inputText } from '../input-text.ts';
import { addLoginOptions, givenLogin } from '../login-options.ts';
import { batchSizes, countOrShare, nameAndValue, wholeNumber } from '../option-values.ts';
import { startWithHints } from '../parameter-hints.ts';
import type { Session } from '../session.ts';
import { checkExec, type ExecFlags, startRequest } from '../start-request.ts';
import { addWhereOptions, whereFields } from '../where-options.ts';
import { type AttendFlags, attendOptions, dataOption, detachOption, jsonOption } from './shared-options.ts';

type Flags = ExecFlags & AttendFlags & { readonly data?: string };

const after = `
One word behind -- is shell text. Several words are a command and its arguments: each is quoted, nothing in them is
expanded. With --script they are the arguments of the script. No value is ever read from a file by writing @FILE.

Output is shown as it comes, stdout and stderr apart; with several targets each line begins with the name of its
target. With -g nothing is shown until the end, and then each different output once, the most frequent first.
Ctrl-C cancels the run, a second one kills it at once, a third one leaves.
If whoever reads the output goes away (| head), the run is neither cancelled nor left alone: nothing more is shown,
and Drover waits for its end and exits with its code. Ctrl-C still cancels.

Machines of -w and --hosts are reached with the keys of this account, or with -u, -p, -i and --ask-password. A machine
that was never seen before is refused; at a terminal one question trusts it and runs on it. Keys and passwords given
here are used for this run only.

Exit codes: 0 ok, 1 some failed, 2 usage or unknown or empty selector, 3 refused or engine unreachable, 124 timed out,
130 cancelled.

Examples:
  drover exec -t local -- 'df -h | sort'
  drover exec -t 'tag:web !tag:canary' -g -- uname -r
  drover exec -w 'web[01-20],10.0.0.5:2222' -u ada -i ~/.ssh/id_ed25519 --sudo -- systemctl reload nginx
  drover exec -t local --script cleanup.py --param DAYS=7 -- --verbose
  drover exec --hosts machines.txt --batch 1,10%,100% --pause 30 --stop-after 1 --json -- ./deploy`;

const { timeoutS, deadlineS, concurrency, pauseS } = RunOptions.shape;

/** `words` are those behind `--`, which no option parser may see. */
export function addExec(program: Command, session: Session, words: readonly string[]): void {
  const command = program
    .command('exec')
    .summary('run a command or a script and watch it')
    .description('Runs a command or a script on targets, shows what they write, and exits as they did.')
    .usage('-t SELECTOR | -w LIST | --hosts FILE [options] -- COMMAND')
    .argument('[words...]');
  addLoginOptions(addWhereOptions(command))
    .option('--script <file>', 'run this file; - is stdin')
    .addOption(new Option('--language <language>', 'of the text; else from the extension of FILE').choices(scriptTypes))
    .option('--name <name>', 'name of the run, for lists')
    .option('--param <name=value>', 'value of a {{ NAME }} in the text; repeat for more', nameAndValue)
    .option('--no-parameters', 'leave every {{ … }} of the text alone')
    .option('--env <name=value>', 'environment variable of the script; repeat for more', nameAndValue)
    .option('--stdin <file>', 'what its commands read; - is stdin (default: nothing)')
    .option('--timeout <s>', 'seconds one target may take (default: 600)', wholeNumber(timeoutS.unwrap()))
    .option('--deadline <s>', 'seconds the whole run may take (default: no limit)', wholeNumber(deadlineS.unwrap()))
    .option('-c, --concurrency <n>', 'targets worked on at once (default: 64)', wholeNumber(concurrency.unwrap()))
    .option('--batch <sizes>', 'roll out in batches: 10, 10% or 1,10%,100%', batchSizes)
    .option('--pause <s>', 'seconds between two batches', wholeNumber(pauseS.unwrap()))
    .option('--stop-after <n|n%>', 'start nothing more after so many failed targets', countOrShare)
    .option('--tolerate <n|n%>', 'up to so many failed targets are still a success', countOrShare);
  attendOptions(command)
    .addOption(detachOption())
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
  const where = await whereFields(flags, session.host);
  const texts = { words, script: await read(flags.script), stdin: await read(flags.stdin) };
  const login = await givenLogin(session, flags);
  const request = startRequest(flags, { ...texts, ...where, login });
  return session.withEngine({ data: flags.data }, (connection) =>
    attendRun(session, connection, {
      start: (client) => startWithHints(session, client, request),
      login,
      ...flags,
    }),
  );
}
