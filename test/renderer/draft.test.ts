import { describe, expect, it } from 'vitest';
import { StartRun } from '#contract/run';
import {
  type Draft,
  draftOf,
  draftProblem,
  emptyDraft,
  optionsSet,
  startOf,
} from '../../src-renderer/features/quick/draft.ts';
import { keepDraft, readDraft } from '../../src-renderer/features/quick/draft-storage.ts';
import { stepRecall, wantsHistory } from '../../src-renderer/features/quick/recall.ts';
import { detailOf } from './sample-runs.ts';

const draft = (change: Partial<Draft> = {}): Draft => ({ ...emptyDraft, text: 'uptime', ...change });

describe('a draft', () => {
  it('becomes a request that the engine accepts', () => {
    const request = startOf(
      draft({
        name: ' nightly ',
        args: '--all\ntwo words\n',
        environment: 'A=1\n\nB=x=y',
        stdin: 'yes\n',
        parameters: { host: 'web-01', gone: 'old' },
        timeoutS: '30',
      }),
      ['host', 'port'],
    );
    expect(StartRun.parse(request)).toMatchObject({
      name: 'nightly',
      targets: 'local',
      options: { timeoutS: 30, deadlineS: 0 },
      task: {
        args: ['--all', 'two words'],
        environment: { A: '1', B: 'x=y' },
        stdin: 'yes\n',
        parameters: { host: 'web-01', port: '' },
      },
    });
  });

  it('sends no parameters when the text is to be left alone', () => {
    const request = startOf(draft({ noParameters: true, parameters: { host: 'x' } }), ['host']);
    expect(request.task).toMatchObject({ noParameters: true, parameters: {} });
  });

  it.each([
    [{ text: ' \n' }, { field: 'text' }],
    [{ targets: ' ' }, { field: 'targets' }],
    [{ timeoutS: '0' }, { field: 'timeoutS' }],
    [{ timeoutS: '1.5' }, { field: 'timeoutS' }],
    [{ timeoutS: '86401' }, { field: 'timeoutS' }],
    [{ deadlineS: 'soon' }, { field: 'deadlineS' }],
    [{ environment: 'A=1\nB' }, { field: 'environment', line: 2 }],
    [{ environment: '1A=1' }, { field: 'environment', line: 1 }],
  ])('says what keeps it from being started: %j', (change, problem) => {
    expect(draftProblem(draft(change))).toEqual(problem);
  });

  it('can be started when nothing is wrong', () => {
    expect(draftProblem(draft({ environment: 'A=\n' }))).toBeNull();
  });

  it('comes back from a run as it was', () => {
    const filled = draft({
      language: 'python',
      text: 'print("{{ host }}")',
      parameters: { host: 'web-01' },
      name: 'check',
      timeoutS: '30',
      deadlineS: '90',
      args: 'a\nb c',
      environment: 'A=1\nB=2',
      stdin: 'x',
    });
    const { task, options, name } = StartRun.parse(startOf(filled, ['host']));
    const detail = detailOf({ run: { name, selector: 'local' }, task, options });
    expect(draftOf(detail, [{ name: 'local', targetId: 'n' }])).toEqual(filled);
  });

  it('keeps a selector letter by letter, on its way there and back', () => {
    const targets = '"db server 1", web[01-20] tag:prod,canary !os:windows';
    const request = startOf(draft({ targets }), []);
    expect(request).toMatchObject({ targets });
    expect(request).not.toHaveProperty('addresses');
    expect(draftOf(detailOf({ run: { selector: targets } }), [{ name: 'db server 1', targetId: 'a' }])).toMatchObject({
      targets,
      addresses: '',
    });
  });

  it('takes machines by address from the hosts of a run, and sends them beside the selector', () => {
    const hosts = [
      { name: 'db server 1', targetId: 'a' },
      { name: 'ada@10.0.0.5:2222', targetId: null },
      { name: 'web9', targetId: null },
    ];
    const filled = draftOf(detailOf({ run: { selector: 'tag:db ada@10.0.0.5:2222 web9' } }), hosts);
    expect(filled).toMatchObject({ targets: '"db server 1"', addresses: 'ada@10.0.0.5:2222, web9' });
    expect(StartRun.parse(startOf(filled, []))).toMatchObject({
      targets: '"db server 1"',
      addresses: 'ada@10.0.0.5:2222, web9',
    });
  });

  it('can be started on addresses alone', () => {
    expect(draftProblem(draft({ targets: '', addresses: '10.0.0.1' }))).toBeNull();
  });

  it('counts the options that say something else than by default', () => {
    expect(optionsSet(draft())).toEqual([]);
    const set = draft({ args: 'x', noParameters: true, deadlineS: '5', pauseS: '9', user: 'ada' });
    expect(optionsSet(set)).toEqual(['user', 'deadlineS', 'args', 'noParameters']);
  });
});

describe('a kept draft', () => {
  const store = (start: string | null) => {
    let kept = start;
    return {
      getItem: () => kept,
      setItem: (_key: string, value: string) => {
        kept = value;
      },
    };
  };

  it('is there again after a reload', () => {
    const tab = store(null);
    keepDraft(tab, draft({ text: 'df -h', parameters: { a: '1' }, noParameters: true }));
    expect(readDraft(tab)).toEqual(draft({ text: 'df -h', parameters: { a: '1' }, noParameters: true }));
  });

  it.each([null, '', 'nonsense', '[]', '7', '{"text":5,"language":"cobol","targets":7,"parameters":{"a":1}}'])(
    'is an empty form when it cannot be read: %j',
    (kept) => {
      expect(readDraft(store(kept))).toEqual(emptyDraft);
    },
  );

  it('reads the list of names that an earlier version kept', () => {
    expect(readDraft(store('{"targets":["local"]}')).targets).toBe('local');
    expect(readDraft(store('{"targets":["web1","db server 1"]}')).targets).toBe('web1,"db server 1"');
  });

  it('does not stop anybody when the store is full', () => {
    const full = {
      getItem: () => null,
      setItem: () => {
        throw new Error('full');
      },
    };
    expect(() => keepDraft(full, draft())).not.toThrow();
  });
});

describe('the history of quick runs', () => {
  it('is walked from what was typed to the oldest and back', () => {
    expect(stepRecall(-1, 'older', 2)).toBe(0);
    expect(stepRecall(0, 'older', 2)).toBe(1);
    expect(stepRecall(1, 'older', 2)).toBeNull();
    expect(stepRecall(0, 'newer', 2)).toBe(-1);
    expect(stepRecall(-1, 'newer', 2)).toBeNull();
    expect(stepRecall(-1, 'older', 0)).toBeNull();
  });

  it('takes the arrow in an empty editor and in an unchanged old text, and leaves it to the editor else', () => {
    expect(wantsHistory({ text: '', recalled: null, atEdge: true })).toBe(true);
    expect(wantsHistory({ text: 'old', recalled: 'old', atEdge: true })).toBe(true);
    expect(wantsHistory({ text: 'old', recalled: 'old', atEdge: false })).toBe(false);
    expect(wantsHistory({ text: 'older', recalled: 'old', atEdge: true })).toBe(false);
    expect(wantsHistory({ text: 'typed', recalled: null, atEdge: true })).toBe(false);
  });
});
