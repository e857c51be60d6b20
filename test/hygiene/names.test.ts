import { describe, expect, it } from 'vitest';
import { filesBelow, sourceFiles, textOf } from './source-tree.ts';

const saysNothing = /(?:^|[-.])(?:utils?|helpers?|managers?|impl)(?=[-.])/i;
const unfinished = /\b(?:TODO|FIXME)\b/;
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

describe('names', () => {
  it('says what is in a file', () => {
    const files = [...sourceFiles(), ...filesBelow('test'), ...filesBelow('build'), ...filesBelow('bin')];
    expect(files.filter((path) => saysNothing.test(baseName(path)))).toEqual([]);
  });

  it.each(['utils.ts', 'run-helper.ts', 'session-manager.test.ts', 'clock-impl.ts'])('would refuse %s', (name) => {
    expect(name).toMatch(saysNothing);
  });

  it.each(['run-service.ts', 'utilisation.ts', 'simple.ts'])('would accept %s', (name) => {
    expect(name).not.toMatch(saysNothing);
  });

  it('leaves no mark of unfinished work in the sources', () => {
    expect(sourceFiles().filter((path) => unfinished.test(textOf(path)))).toEqual([]);
  });

  it('keeps every source file within 400 lines', () => {
    const longer = sourceFiles()
      .map((path) => ({ path, lines: textOf(path).trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > 400);
    expect(longer).toEqual([]);
  });
});
