import { quoted } from './shell-text.ts';

/** `term` asks, `rest` ends what is left when the interpreter has obeyed, `kill` leaves nothing. */
export type StopLevel = 'term' | 'rest' | 'kill';

/** What a stop came to: processes that were told, and those that live on. */
export type StopReport = {
  readonly term: number;
  readonly kill: number;
  readonly left: readonly number[];
  /** The session of the process that began the run, which under sudo is one that sudo leads; 0 when it was not seen. */
  readonly session: number;
};

type Order = {
  readonly level: StopLevel;
  readonly mark: string;
  readonly token: string;
  /** Process that began the run: it obeys no TERM, ends after the interpreter and then cleans up. */
  readonly pid: number;
  /** It has ended: its number may be a stranger's by now. */
  readonly isGone: boolean;
  /** It is a shell that cleans up when its script has ended, and is told nothing at first; else it is the script itself. */
  readonly isShell: boolean;
  /** The session it was in, as an earlier report told; its own number when there was none. */
  readonly session: number;
};

/** How often a stop looks again, a tenth of a second each, before it goes on to the next level or gives up. */
const looks = 20;
/** So many looks long it may clean up after a KILL of the others. */
const sparedLooks = 10;

/**
 * The living processes of a run into `c`: those that carry its mark in their environment, their descendants, and whoever
 * shares a session with one of them. Each word of `a` is pid:parent:session:state; systems without /proc tell the group
 * in place of the session.
 */
const look = ({ mark, pid, session }: Order): string =>
  [
    'a=; S=$Z;',
    'if [ -r /proc/self/stat ]; then',
    `for q in $(grep -lsF ${quoted(`DROVER_RUN=${mark}`)} /proc/[0-9]*/environ 2>/dev/null); do q=\${q#/proc/}; m="$m \${q%/environ} "; done;`,
    'for q in /proc/[0-9]*/stat; do { read -r l <"$q"; } 2>/dev/null || continue; i=${l%% *}; set -- ${l##*") "}; a="$a $i:$2:$4:$1"; done;',
    'else for q in $(ps -axo pid=,ppid=,pgid=,stat= 2>/dev/null | sed "s/^ *//; s/  */:/g"); do a="$a $q"; done; fi;',
    // A living process of this number is a stranger that leads a session of its own.
    `if [ -n "$S" ]; then case "$a" in *" ${session}:"*) S=;; esac; fi;`,
    'o=-; c=; while [ "$o" != "$m$c" ]; do o=$m$c; c=; for q in $a; do i=${q%%:*}; q=${q#*:}; p=${q%%:*}; q=${q#*:}; s=${q%%:*};',
    'case ${q#*:} in Z*|X*) continue;; esac;',
    // Its session is the run's own when it leads it, or sudo does, which is its parent and ends by itself.
    `case $m in *" $i "*) c="$c $i"; if [ $i = ${pid} ]; then case $s in $i|$p) S=$s; Z=$s;; esac; fi; continue;; esac;`,
    '[ "$i" = "$S" ] && continue; case "$m $S " in *" $p "*|*" $s "*) m="$m $i "; c="$c $i";; esac; done; done;',
  ].join(' ');

/**
 * A POSIX shell program on one line that finds the processes of a run, signals them and says
 * `<token> <told TERM> <told KILL> <session> <left …>`.
 */
export function stopProgram(order: Order): string {
  const { level, token, pid, isGone, isShell, session } = order;
  const spare = isShell ? `[ $i = ${pid} ] && [ $k -lt ${sparedLooks} ] && continue; ` : '';
  const tell = (signal: 'TERM' | 'KILL', told: string): string =>
    `for i in $c; do ${spare}kill -${signal} $i 2>/dev/null && case "$${told}" in *" $i "*) ;; *) ${told}="$${told} $i "; ${told}n=$((${told}n+1));; esac; done`;
  // A stopped process takes no TERM before it goes on.
  const term = `k=0; look; ${tell('TERM', 't')}; for i in $c; do kill -CONT $i 2>/dev/null; done`;
  const wait = 'sleep 0.1 2>/dev/null || sleep 1; k=$((k+1))';
  const rounds = (act: string): string =>
    `k=0; look; while [ -n "$c" ] && [ $k -lt ${looks} ]; do ${act}${wait}; look; done`;
  const kill = rounds(`${tell('KILL', 'x')}; `);
  const steps: Record<StopLevel, string> = { term: `${term}; c=`, rest: `${term}; ${rounds('')}; ${kill}`, kill };
  const first = isGone ? `m=' '; Z=${session}` : `m=' ${pid} '; Z=`;
  return (
    `t=' '; x=' '; tn=0; xn=0; ${first}; look() { ${look(order)} }; ${steps[level]}; ` +
    `printf '%s %s %s %s %s\\n' ${token} $tn $xn "\${Z:-0}" "$c"\n`
  );
}

/** The report in what the program wrote; undefined when it never came so far. */
export function stopReport(output: string, token: string): StopReport | undefined {
  const [, term, kill, session, left] = new RegExp(`${token} (\\d+) (\\d+) (\\d+) ([\\d ]*)\\n`).exec(output) ?? [];
  return term === undefined
    ? undefined
    : {
        term: Number(term),
        kill: Number(kill),
        session: Number(session),
        left: (left ?? '').split(' ').filter(Boolean).map(Number),
      };
}

const counted = (count: number): string => `${count} process${count === 1 ? '' : 'es'}`;

/** In one sentence: who was told what, and what was seen afterwards. */
export function stopSentence({ term, kill, left }: Omit<StopReport, 'session'>): string {
  const told = [
    ...(term > 0 ? [`TERM to ${counted(term)}`] : []),
    ...(kill > 0 ? [`KILL to ${term > 0 ? kill : counted(kill)}`] : []),
  ];
  const seen = left.length > 0 ? `${counted(left.length)} still alive: ${left.join(', ')}` : 'none found';
  return [told.join(', '), seen].filter(Boolean).join('; ');
}
