import { Command, CommanderError } from 'commander';
import { DroverError } from '#contract/errors';
import { splitArguments } from './arguments.ts';
import { addBackup } from './commands/backup.ts';
import { addCancel } from './commands/cancel.ts';
import { addCredentials } from './commands/credentials/credentials.ts';
import { addCopies } from './commands/copies.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExec } from './commands/exec.ts';
import { addGuard } from './commands/guard/guard.ts';
import { addHostKeys } from './commands/host-keys/host-keys.ts';
import { addLink } from './commands/link.ts';
import { addMetrics } from './commands/metrics/metrics.ts';
import { addOutput } from './commands/output.ts';
import { addRerun } from './commands/rerun.ts';
import { addRestore } from './commands/restore.ts';
import { addRetention } from './commands/retention.ts';
import { addRuns } from './commands/runs.ts';
import { addSalvage } from './commands/salvage.ts';
import { addServe } from './commands/serve.ts';
import { addSettings } from './commands/settings/settings.ts';
import { addShow } from './commands/show.ts';
import { addSupport } from './commands/support.ts';
import { addTargets } from './commands/targets/targets.ts';
import { addUnlock } from './commands/unlock.ts';
import { addVersion } from './commands/version.ts';
import type { CliHost } from './host.ts';
import { Session } from './session.ts';

const after = `
Commands talk to the engine that has the data folder, a desktop or drover serve; without one they run it themselves.

Examples:
  drover exec -t local -- 'df -h | sort'
  drover exec -w 'web[01-20]' -g -- uname -r
  drover targets import ~/.ssh/config
  drover runs --status failed
  drover help targets add`;

/**
 * Runs one command line, `argv` without the program's name, and gives its exit code. All output has been handed to the
 * system by then. What is still going on was left on purpose, so the process should end with the code at once.
 */
export async function runCli(argv: readonly string[], host: CliHost): Promise<number> {
  const { own, words } = splitArguments(argv);
  const session = new Session(host, { json: own.includes('--json') });
  return Promise.race([interpretAndFlush(session, own, words), session.left]).finally(() => session.dispose());
}

async function interpretAndFlush(session: Session, own: readonly string[], words: readonly string[]): Promise<number> {
  const meant = await interpret(session, own, words);
  await session.out.flush();
  const { failure } = session.out;
  const code = failure && meant === 0 ? session.report(notWritten(failure)) : meant;
  await session.err.flush();
  return code;
}

async function interpret(session: Session, own: readonly string[], words: readonly string[]): Promise<number> {
  const program = createProgram(session, words);
  try {
    if (own.length === 0) {
      program.outputHelp();
      return 0;
    }
    await program.parseAsync([...own], { from: 'user' });
    return session.exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      return session.report(error);
    }
    return error.exitCode === 0 ? 0 : session.report(usageError(error, commandOf(program, own)));
  }
}

function createProgram(session: Session, words: readonly string[]): Command {
  const { out, host } = session;
  const program = new Command('drover')
    .description('Drives a herd of machines: scripts on many hosts at once, watched live and proved afterwards.')
    .version(host.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'say what can be done')
    .helpCommand(false)
    .configureHelp({
      subcommandTerm: (command) => command.name(),
      // Its value is taken behind = only.
      optionTerm: ({ flags }) => flags.replace('--sudo <user>', '--sudo[=user]'),
    })
    .addHelpText('after', after)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => out.write(text),
      // An error comes back as an exception and is shown like every other error.
      writeErr: () => undefined,
      getOutHelpWidth: () => out.columns ?? 100,
      getOutHasColors: () => false,
    });
  addExec(program, session, words);
  addRuns(program, session);
  addShow(program, session);
  addOutput(program, session);
  addCancel(program, session);
  addRerun(program, session);
  addTargets(program, session);
  addCredentials(program, session);
  addHostKeys(program, session);
  addGuard(program, session);
  addUnlock(program, session);
  addSettings(program, session);
  addRetention(program, session);
  addServe(program, session);
  addBackup(program, session);
  addCopies(program, session);
  addRestore(program, session);
  addSalvage(program, session);
  addLink(program, session);
  addMetrics(program, session);
  addDoctor(program, session);
  addSupport(program, session);
  addVersion(program, session);
  addHelp(program);
  return program;
}

/** Commander's own calls a word that is no command a success. */
function addHelp(program: Command): void {
  program
    .command('help')
    .summary('say what a command can do')
    .argument('[command...]')
    .action((names: string[]) => {
      const command = commandOf(program, names);
      const unknown = names[pathOf(command).length];
      if (unknown !== undefined) {
        throw new DroverError('bad-input', `unknown command '${unknown}'`, {
          detail: { remedy: `Known are ${namesOf(command)}.` },
        });
      }
      command.outputHelp();
    });
}

/** The command that the first words name, as far as they do. */
function commandOf(program: Command, [word, ...rest]: readonly string[]): Command {
  const command = program.commands.find((known) => known.name() === word);
  return command ? commandOf(command, rest) : program;
}

/** The words that name a command: `targets add`. */
function pathOf(command: Command): string[] {
  return command.parent ? [...pathOf(command.parent), command.name()] : [];
}

function namesOf(command: Command): string {
  return command.commands.map((known) => known.name()).join(', ');
}

function usageError({ message, code }: CommanderError, command: Command): DroverError {
  const path = pathOf(command);
  if (code === 'commander.help') {
    return new DroverError('bad-input', `drover ${path.join(' ')} is not a command by itself`, {
      detail: { remedy: `Say what: drover ${path.join(' ')} ${namesOf(command)}.` },
    });
  }
  const [first = '', suggestion = ''] = message.replace(/^error: /, '').split('\n');
  const guess = /^\(Did you mean (.*)\?\)$/.exec(suggestion)?.[1];
  return new DroverError('bad-input', guess ? `${first}; did you mean ${guess}?` : first, {
    detail: { remedy: `${['drover', ...path].join(' ')} --help says what is possible.` },
  });
}

function notWritten(failure: Error): DroverError {
  return new DroverError('no-space', `The output could not be written: ${failure.message}`, {
    cause: failure,
    detail: { remedy: 'Everything is kept: drover output N prints it again.' },
  });
}
