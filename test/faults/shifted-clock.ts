/**
 * Loaded before the program: gives it a wall clock that jumps to the next of TEST_CLOCK, a list of milliseconds to add
 * or of moments since 1970 such as `=0`, with every SIGUSR2. Timers and the monotonic clock stay as they are.
 */
const SystemDate = Date;
const jumps = (process.env['TEST_CLOCK'] ?? '').split(',');
let now = (): number => SystemDate.now();

function jump(): void {
  const next = jumps.shift() ?? '0';
  const began = SystemDate.now();
  now = next.startsWith('=')
    ? () => Number(next.slice(1)) + SystemDate.now() - began
    : () => SystemDate.now() + Number(next);
}

process.on('SIGUSR2', jump);
jump();

globalThis.Date = class extends SystemDate {
  constructor(...words: [] | ConstructorParameters<DateConstructor>) {
    if (words.length === 0) {
      super(now());
    } else {
      super(...words);
    }
  }

  static override now(): number {
    return now();
  }
} as DateConstructor;
