import { type ChildProcess, execFile, type SpawnOptions, type StdioOptions } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import {
  type Command,
  type End,
  exitOf,
  type Failure,
  type Held,
  type Hold,
  type Holder,
  isFailure,
  spawnProgram,
} from './hold.ts';

const perl = '/usr/bin/perl';

/** Numbers of the system calls prctl and setsid, by the names that Node has for processors. */
const systemCalls: Readonly<Record<string, readonly [prctl: number, setsid: number]>> = {
  x64: [157, 112],
  arm64: [167, 157],
  riscv64: [167, 157],
  ppc64: [171, 66],
  s390x: [172, 66],
};
const setChildSubreaper = 36;

/**
 * Becomes the one to whom the orphans of all below it come back, starts the program in a session of its own and tells
 * on descriptor $n what becomes of it: `started PID` or `failed ERRNO`, then `ended STATUS`. It stays until $n is closed
 * on our side, so that nothing is lost between the program's end and the stop of what it left.
 */
const keep = `
my ($n, $prctl, $setsid) = splice @ARGV, 0, 3;
open(my $c, "+<&=", $n) or exit 125;
fcntl($c, 2, 1);
delete $ENV{PERL_BADLANG};
syscall($prctl, ${setChildSubreaper}, 1, 0, 0, 0);
pipe(my $r, my $w);
my $p = fork;
if (!defined $p) { syswrite $c, "failed " . ($! + 0) . "\\n"; exit 125 }
if (!$p) { syscall($setsid); exec {$ARGV[0]} @ARGV; syswrite $w, $! + 0; exit 125 }
close $w; close STDIN; close STDOUT; close STDERR;
for (3 .. $n - 1) { if (open(my $f, "+<&=", $_)) { close $f } elsif (open(my $g, "<&=", $_)) { close $g } }
$SIG{PIPE} = "IGNORE";
my $e = "";
sysread $r, $e, 9;
if ($e ne "") { syswrite $c, "failed $e\\n"; exit 125 }
syswrite $c, "started $p\\n";
while ((my $d = waitpid(-1, 0)) != $p) { last if $d < 0 }
syswrite $c, "ended $?\\n";
sysread $c, my $x, 1;
`;

/** Would make the keeper itself another program. */
const changesPerl = /^PERL(5OPT|5DB.*|IO.*|_UNICODE|_BADLANG|_SIGNALS)$/;

const nameOf = (table: Readonly<Record<string, number>>, number: number): string | undefined =>
  Object.entries(table).find(([, each]) => each === number)?.[0];

/** What wait(2) says. */
function endOf(status: number): End {
  const signal = nameOf(constants.signals, status & 0x7f);
  return signal === undefined ? [status >> 8, null] : [null, signal as NodeJS.Signals];
}

function failureOfNumber(number: number): Failure {
  const code = nameOf(constants.errno, number) ?? `errno ${number}`;
  return { code, text: `exec ${code}` };
}

async function start(calls: readonly number[], command: Command, options: SpawnOptions): Promise<Held | Failure> {
  const stdio = [...(options.stdio as Exclude<StdioOptions, string>)];
  const words = [stdio.length, ...calls].map(String);
  const keeper = await spawnProgram([perl, '-e', keep, '--', ...words, ...command], {
    ...options,
    // Without it Perl complains about locales that the machine does not have.
    env: { ...options.env, PERL_BADLANG: '0' },
    stdio: [...stdio, 'pipe'],
  });
  return isFailure(keeper) ? keeper : follow(keeper, keeper.stdio[stdio.length] as Readable & Writable);
}

/** Reads what the keeper tells. */
async function follow(child: ChildProcess, control: Readable & Writable): Promise<Held | Failure> {
  const gone = exitOf(child);
  const ended = Promise.withResolvers<End>();
  const begun = Promise.withResolvers<Held | Failure>();
  let hasEnded = false;
  const hold: Hold = {
    keeper: child.pid ?? null,
    members: (rows) => new Set(rows.filter((row) => row.parent === child.pid).map((row) => row.pid)),
    kill: () => undefined,
    close: async () => {
      control.destroy();
      if (!hasEnded) {
        // It would wait for a program that nothing can kill.
        child.kill('SIGKILL');
      }
      await gone;
    },
  };
  const hear = (word: string | undefined, number: number): void => {
    if (word === 'started') {
      begun.resolve({ child, pid: number, ended: ended.promise, hold });
    } else if (word === 'ended') {
      hasEnded = true;
      ended.resolve(endOf(number));
    } else {
      begun.resolve(failureOfNumber(number));
    }
  };
  control.on('error', () => undefined);
  createInterface(control).on('line', (line) => hear(line.split(' ')[0], Number(line.split(' ')[1])));
  // A keeper that was killed can tell no more than that.
  void gone.then((end) => {
    ended.resolve(end);
    begun.resolve({ code: 'ECHILD', text: 'its keeper has died' });
  });
  return begun.promise;
}

/**
 * Starts each run below a process of our own that orphans come back to, whatever they have done to their session, their
 * environment or their control group. It needs Perl and no privileges; undefined where it cannot be done.
 */
export function findKeeperHolder(): Promise<Holder | undefined> {
  const calls = systemCalls[process.arch];
  if (calls === undefined) {
    return Promise.resolve(undefined);
  }
  const holder: Holder = {
    name: 'keeper',
    suits: (environment) => !Object.keys(environment).some((name) => changesPerl.test(name)),
    start: (command, options) => start(calls, command, options),
  };
  const probe = `exit(syscall(${calls[0]}, ${setChildSubreaper}, 1, 0, 0, 0) == 0 ? 0 : 1)`;
  return new Promise((done) => {
    execFile(perl, ['-e', probe], { env: {}, timeout: 10_000 }, (error) => done(error ? undefined : holder));
  });
}
