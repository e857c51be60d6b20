import type { StructureRule } from './rule.ts';

/** What is found by how commands are put together, not by one of them. */
export const structureRules = {
  unreadable: {
    rule: 'text.unreadable',
    level: 'confirm',
    say: 'Drover could not read this code, so it cannot tell what it does.',
  },
  tooMuch: {
    rule: 'text.too-much',
    level: 'confirm',
    say: 'The text is too large or too intricate to be understood within the limits.',
  },
  deceptive: {
    rule: 'text.deceptive',
    level: 'confirm',
    say: 'The text holds characters that make it look like something else than what would run.',
  },
  nul: {
    rule: 'text.nul',
    level: 'forbid',
    say: 'The text holds a NUL character; nothing after it may be what it seems.',
  },
  forkBomb: {
    rule: 'forkbomb.function',
    level: 'forbid',
    say: 'Starts ever more processes until the machine stops answering.',
  },
  endlessSpawn: {
    rule: 'forkbomb.loop',
    level: 'confirm',
    say: 'Starts processes in a loop that neither ends nor waits.',
  },
  forkLoop: { rule: 'forkbomb.code', level: 'forbid', say: 'Forks in a loop until the machine stops answering.' },
  selfSpawn: {
    rule: 'forkbomb.self',
    level: 'forbid',
    say: 'The script starts itself again, more than once at a time.',
  },
  shellOnNetwork: {
    rule: 'exec.remote-shell.stream',
    level: 'forbid',
    say: 'Hands a shell to whoever is at the other end of a network connection.',
  },
  socketShell: {
    rule: 'exec.remote-shell.code',
    level: 'forbid',
    say: 'The code opens a network connection and hands a shell to it.',
  },
  opaqueCommand: {
    rule: 'exec.opaque.command',
    level: 'confirm',
    say: 'Which command runs is decided outside of the text.',
    safer: 'Write the command out, and take only its arguments from outside.',
  },
  opaqueCode: {
    rule: 'exec.opaque.code',
    level: 'confirm',
    say: 'Runs code that was fetched, decoded or handed in at that moment; nobody can read it beforehand.',
    safer: 'Fetch it into a file, look at it or check its hash, then run it.',
  },
  opaqueLibrary: {
    rule: 'exec.opaque.preload',
    level: 'confirm',
    say: 'Loads code that nobody has seen into every program that follows.',
  },
  unknownTree: {
    rule: 'fs.delete.unknown',
    level: 'note',
    say: 'What is deleted is decided outside of the text.',
  },
  maskedTool: {
    rule: 'exec.opaque.alias',
    level: 'confirm',
    say: 'An unknown program is called with words that would be dangerous for many.',
  },
} as const satisfies Record<string, StructureRule>;
