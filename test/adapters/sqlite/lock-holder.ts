import { takeArchiveLock } from '#adapters/sqlite/lock';

/** What the process says of the lock, in a line. */
export type LockWord = 'held' | 'refused';

/** Takes the lock of the folder it is given, says whether it has it, and keeps it until it is ended. */
const [, , dataDir = ''] = process.argv;
const lock = takeArchiveLock(dataDir);
const word: LockWord = lock ? 'held' : 'refused';
process.stdout.write(`${word}\n`);
process.stdin.resume();
process.stdin.on('end', () => lock?.release());
