import { describe, expect, it } from 'vitest';
import { runsCommand } from '../../src-renderer/features/runs/runs-command.ts';
import { curlOf, droverLine } from '../../src-renderer/ui/copy-command.ts';

describe('a list as a command', () => {
  it('says what the list shows, on the command line and as a request', () => {
    const { line, name, input } = runsCommand({ status: 'failed,timeout', text: "it's", window: '24h' });
    expect(droverLine('/var/my data', line)).toBe(
      String.raw`drover runs --data '/var/my data' --status failed,timeout --since 24h --limit 100 -- 'it'\''s'`,
    );
    expect(input).toEqual({ status: ['failed', 'timeout'], text: "since:24h it's", limit: 100 });
    expect(curlOf('/data', name, { limit: 1 })).toBe(
      `curl --unix-socket /data/control.sock -H 'content-type: application/json' -d '{"limit":1}' http://localhost/api/run.list`,
    );
  });

  it('names no time where the list shows all', () => {
    expect(runsCommand({ window: 'all' }).line).toEqual(['runs', '--limit', '100']);
  });
});
