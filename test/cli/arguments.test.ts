import { describe, expect, it } from 'vitest';
import { splitArguments } from '../../src-main/cli/arguments.ts';

describe('a command line', () => {
  it.each([
    [
      ['exec', '-t', 'a', '--', 'ls', '--', '-l'],
      ['exec', '-t', 'a'],
      ['ls', '--', '-l'],
    ],
    [
      ['exec', '--sudo', '-t', 'a', '--', 'tool', '--sudo'],
      ['exec', '--sudo=root', '-t', 'a'],
      ['tool', '--sudo'],
    ],
    [['exec', '--sudo=ada'], ['exec', '--sudo=ada'], []],
    [['--data', 'd', 'exec', '--', 'x'], ['exec', '--data', 'd'], ['x']],
    [['--json', '--data=d', 'targets', 'ls', '--', '-x'], ['targets', 'ls', '--json', '--data=d', '--', '-x'], []],
    [['targets', 'rm', '--', '--sudo'], ['targets', 'rm', '--', '--sudo'], []],
    [['--help'], ['--help'], []],
    [[], [], []],
  ])('%j is %j with the words %j', (argv, own, words) => {
    expect(splitArguments(argv)).toEqual({ own, words });
  });
});
