import type { LaunchPlan } from '#core/ports';
import { assignment, printfFormat, quoted } from './shell-text.ts';

/** What is run on a target, and how the far side is told to report. */
export type Launch = {
  readonly plan: Pick<LaunchPlan, 'files' | 'entry' | 'candidates' | 'isPlain'>;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: Uint8Array | null;
  /** Value of DROVER_RUN, by which the processes of the run are found again. */
  readonly mark: string;
  /** Word that no output can hold by chance: it ends what the login shell says before the script begins. */
  readonly token: string;
  /** Name of the private directory, without its place. */
  readonly directory: string;
};

/** The bytes for the far side's standard input: one line of program, then what it reads by itself. */
export type Dispatch = { readonly header: string; readonly payload: Uint8Array };

/** Longer contents are not written into the program: `read` takes it byte by byte. */
const longestInline = 4_096;

/**
 * A POSIX shell's part of every launch, without a quote, `!` or newline in it: it means the same inside single quotes of
 * sh, bash, dash, zsh, fish and csh. `go` finds a place for the files that `w` writes, says that the script begins, runs
 * it by `r` and cleans up; without a place it does `f`. `b` becomes the program that `drover_b` names. `v` sets what the
 * request adds to the environment: last of all, so that it changes nothing of this.
 */
const library = [
  'drover_d=; drover_s=${SHELL:-?}',
  'a() { printf "%s\\n" "$drover_t"; printf "%s run %s %s %s\\n" "$drover_t" $$ "$drover_s" "$drover_d" >&2; }',
  's() { a; umask $drover_u; exec 4>&2 2>/dev/null; }',
  'p() { drover_d=$1; w "$1" 2>/dev/null; }',
  'm() { mkdir -m 700 "$1" 2>/dev/null || return 1; p "$1" || { rm -rf "$1"; return 1; }; }',
  'l() { for drover_q in "${TMPDIR:-/tmp}" /tmp /dev/shm "$HOME"; do m "$drover_q/$drover_n" && return; done; drover_d=; return 1; }',
  'go() { l || { f; exit $?; }; s; r "$drover_d/$drover_f" <"${drover_i:-$drover_d/stdin}"; drover_e=$?; rm -rf "$drover_d"; exit $drover_e; }',
  'b() { a; v; eval "exec $drover_b" </dev/null; }',
].join('; ');

const start = `${library}; IFS= read -r drover_h && eval "$drover_h"`;

/** Login shells that can do a launch themselves; every other one calls sh for it. */
const posixShells = /^(\/usr)?\/bin\/(sh|dash|ash|bash)$/;

/**
 * What the login shell is given. It is the same for every run, so that nobody's `ps` shows more than this; what is to be
 * done comes over standard input.
 */
export const startCommand = (loginShell: string | undefined): string =>
  loginShell !== undefined && posixShells.test(loginShell) ? start : `exec /bin/sh -c '${start}'`;

/** The same by sudo; the shell says `ready` on standard error first, because what is written before goes to sudo. */
export const sudoCommand = (options: string, ready: string): string =>
  `exec sudo ${options} -- /bin/sh -c 'printf "%s\\n" ${ready} >&2; ${start}'`;

type Part = { readonly name: string; readonly bytes: Uint8Array };

/**
 * The line of program that `startCommand` waits for. The far side says `<token>` on standard output and
 * `<token> run <pid> <login shell> <directory>` on standard error, runs the first interpreter there is and exits as the
 * script did. Without an interpreter or a place it says `<token> no-interpreter <PATH>` or `<token> no-space` instead.
 */
export function dispatchOf(launch: Launch): Dispatch {
  const { plan, stdin, token, directory } = launch;
  if (isPlainLaunch({ ...launch, launch: plan })) {
    return plainDispatch(launch);
  }
  const encoder = new TextEncoder();
  const parts: Part[] = plan.files.map(({ name, content }) => ({ name, bytes: encoder.encode(content) }));
  if (stdin !== null) {
    parts.push({ name: 'stdin', bytes: stdin });
  }
  const total = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const isInline = total <= longestInline;
  const program = [
    ...settingOf(launch),
    `drover_t=${token}; drover_n=${directory}; drover_f=${quoted(plan.entry)}`,
    // Elsewhere than in the shell itself its arguments would stand in a process list.
    `[ "$(command -v printf)" = printf ] || { echo "$drover_t no-interpreter a shell with its own printf" >&2; exit 0; }`,
    interpreterOf(launch),
    'trap : HUP INT TERM; drover_u=$(umask); umask 077',
    isInline ? `w() { ${parts.map(writeInline).join(' && ')}; }` : takePayload(parts),
    `f() { ${withoutPlace(parts, isInline)}; }`,
    `drover_i=${stdin === null ? '/dev/null' : ''}; go`,
  ].join('; ');
  return {
    header: `${program}\n`,
    payload: isInline ? new Uint8Array() : Buffer.concat(parts.map(({ bytes }) => bytes)),
  };
}

/** What a launch itself goes by: where interpreters are looked for, and where the private directory is made. */
const early: readonly string[] = ['PATH', 'TMPDIR'];

/** Where the script begins, and what it finds in its environment. */
function settingOf({ environment, mark }: Launch): string[] {
  const set = ([name, value]: [string, string]): string => `${assignment(name, value)}; export ${name}`;
  const all = Object.entries({ ...environment, DROVER_RUN: mark });
  return [
    'cd "$HOME" 2>/dev/null || cd /',
    ...all.filter(([name]) => early.includes(name)).map(set),
    `v() { ${all
      .filter(([name]) => !early.includes(name))
      .map(set)
      .join('; ')}; }`,
  ];
}

type PlainRun = {
  readonly launch: Pick<LaunchPlan, 'isPlain'>;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: Uint8Array | null;
};

/** Whether the far side's shell becomes the program itself, without a shell that waits for it. */
export const isPlainLaunch = ({ launch, environment, stdin }: PlainRun): boolean =>
  launch.isPlain === true && stdin === null && Object.values(environment).every((value) => !/[\n\r]/.test(value));

/** One program with its arguments needs no file and no interpreter beside the shell that is there. */
function plainDispatch(launch: Launch): Dispatch {
  const text = launch.plan.files.map(({ content }) => content.trim()).join('');
  const program = [...settingOf(launch), `drover_t=${launch.token}; drover_b=${quoted(text)}; b`].join('; ');
  return { header: `${program}\n`, payload: new Uint8Array() };
}

/** A single text still runs from a descriptor; what more files need is a directory. */
function withoutPlace(parts: readonly Part[], isInline: boolean): string {
  const [only, ...others] = parts;
  if (!only || others.length > 0 || !(isInline || isHeld(parts))) {
    return `printf '%s no-space\\n' "$drover_t" >&2; exit 0`;
  }
  const text = isInline ? `printf ${printfFormat(only.bytes)}` : `printf %s "\${drover_v%x}"`;
  return `s; ${text} | r /dev/fd/3 3<&0 </dev/null`;
}

/** A function `r` that starts the first interpreter there is with the script's path; what the shell says of its end is no output. */
function interpreterOf({ plan }: Launch): string {
  const branches = plan.candidates.map(({ path, options }) => {
    const words = [path, ...options].map(quoted).join(' ');
    return `if command -v ${quoted(path)} >/dev/null 2>&1; then r() { (exec 2>&4 4>&-; v; exec ${words} "$@"); }; el`;
  });
  const names = plan.candidates.map(({ path }) => path).join(', ');
  return `${branches.join('')}se printf '%s no-interpreter %s (PATH is %s)\\n' "$drover_t" ${quoted(names)} "$PATH" >&2; exit 0; fi`;
}

const writeInline = ({ name, bytes }: Part): string => `printf ${printfFormat(bytes)} >"$1/"${quoted(name)}`;

/** What is held in a variable can be written to a second place when the first is full. */
const isHeld = (parts: readonly Part[]): boolean => parts.every(({ bytes }) => !bytes.includes(0));

/**
 * What came is counted first, because a connection that breaks in the middle ends it too. Bytes that no variable can hold
 * go to the first directory.
 */
function takePayload(parts: readonly Part[]): string {
  const total = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const counted = (from: string): string => `[ "$(${from})" -eq ${total} ]`;
  const held = 'printf %s "${drover_v%x}"';
  const hold = `drover_v=$(cat; printf x); ${counted(`${held} | wc -c`)} || exit 1`;
  const [only, ...others] = parts;
  if (only && others.length === 0 && isHeld(parts)) {
    return `${hold}; w() { ${held} >"$1/"${quoted(only.name)}; }`;
  }
  let from = 1;
  const cuts = parts.map(({ name, bytes }) => {
    const cut = `tail -c +${from} "$1/all" | head -c ${bytes.length} >"$1/"${quoted(name)}`;
    from += bytes.length;
    return cut;
  });
  const take = isHeld(parts) ? [hold, held] : [':', 'cat'];
  return `${take[0]}; w() { ${take[1]} >"$1/all" && ${counted('wc -c <"$1/all"')} && ${cuts.join(' && ')} && rm -f "$1/all"; }`;
}
