import { describe, expect, it } from 'vitest';
import { runSources, runStatuses, type RunQuery } from '#contract/run';
import type { DroverError } from '#contract/errors';
import { compileRunSearch } from '#core/history/compile-run-search';
import type { RunSearch } from '#core/ports-history';

const now = Date.UTC(2026, 10, 20, 12);
const compiled = (text: string, query: Partial<RunQuery> = {}): RunSearch =>
  compileRunSearch({ limit: 50, text, ...query }, now);

function refusal(text: string): DroverError {
  try {
    compiled(text);
  } catch (error) {
    return error as DroverError;
  }
  throw new Error(`${text} was taken`);
}

describe('a search of runs', () => {
  it('without any text leaves everything open', () => {
    const { test: _test, ...rest } = compileRunSearch({ limit: 50 }, now);
    expect(rest).toEqual({
      serials: null,
      numbers: null,
      status: runStatuses,
      source: runSources,
      since: 0,
      until: Number.MAX_SAFE_INTEGER,
      before: Number.MAX_SAFE_INTEGER,
      limit: 50,
      hints: [],
      targets: [],
    });
  });

  it('narrows statuses and sources by what is chosen and by what is written', () => {
    expect(compiled('status:failed,timeout', { status: ['failed', 'success'] }).status).toEqual(['failed']);
    expect(compiled('!status:success,failed').status).toEqual([
      'pending',
      'running',
      'cancelling',
      'timeout',
      'cancelled',
    ]);
    expect(compiled('status:in-progress').status).toEqual(['running']);
    expect(compiled('status:canc*').status).toEqual(['cancelling', 'cancelled']);
    expect(compiled('source:api').source).toEqual(['api']);
    expect(compiled('status:failed status:success').status).toEqual([]);
  });

  it('lets numbers alone decide, and takes a bare number for a text too', () => {
    expect(compiled('#12,#13 status:failed').serials).toEqual([12, 13]);
    expect(compiled('#12,web').serials).toBeNull();
    expect(compiled('!#12').serials).toBeNull();
    const bare = compiled('123');
    expect(bare.serials).toBeNull();
    expect(bare.hints).toEqual([{ texts: ['123'], serials: [123] }]);
  });

  it('offers to the index of texts only what every hit must hold', () => {
    expect(compiled('backup name:nightly').hints).toEqual([
      { texts: ['backup'], serials: [] },
      { texts: ['nightly'], serials: [] },
    ]);
    expect(compiled('disk,load').hints).toEqual([{ texts: ['disk', 'load'], serials: [] }]);
    for (const text of ['df', 'disk,df', '!disk', 'dis?', '/disk/', 'fe80::1', 'by:anna', 'disk,load*', '"ab"']) {
      expect(compiled(text).hints, text).toEqual([]);
    }
  });

  it('leaves targets to the archive, as words where the index can find them', () => {
    expect(compiled('target:web1,"db 1" !host:10.0.0.1').targets).toMatchObject([
      { not: false, words: ['web1', 'db 1'] },
      { not: true, words: ['10.0.0.1'] },
    ]);
    for (const text of ['target:web*', 'target:10.0.0.0/28', 'target:fd00::1', 'target:größe', 'target:/web/']) {
      expect(compiled(text).targets[0]?.words, text).toBeNull();
    }
    const [span] = compiled('target:10.0.0.0/28').targets;
    expect([span?.means('10.0.0.15'), span?.means('10.0.0.16')]).toEqual([true, false]);
  });

  it('counts times from the clock it is given', () => {
    const hour = 3_600_000;
    expect(compiled('since:24h').since).toBe(now - 24 * hour);
    expect(compiled('since:24h', { since: now - hour }).since).toBe(now - hour);
    expect(compiled('until:90m').until).toBe(now - 1.5 * hour);
    expect(compiled('!since:1w')).toMatchObject({ since: 0, until: now - 168 * hour });
    const day = compiled('since:2026-11-18 until:2026-11-18');
    expect(day.until - day.since).toBe(24 * hour);
    expect(day.since).toBe(new Date(2026, 10, 18).getTime());
    const yesterday = compiled('since:yesterday until:yesterday');
    expect(yesterday.until).toBe(compiled('since:today').since);
    expect(compiled('since:2026-11-18T10:30:00Z').since).toBe(Date.UTC(2026, 10, 18, 10, 30));
  });

  it.each<[string, string, number]>([
    ['web statsu:failed', "No field 'statsu', the nearest is 'status'", 5],
    ['status:faild', "'faild' is no value of status", 1],
    ['#12 status:faild', "the nearest is 'failed'", 5],
    ['source:cron', 'manual, scheduled, api', 1],
    ['since:1h,2h', 'takes one time', 1],
    ['web since:soon', "'soon' is no time: write since:30m", 5],
    ['since:2026-02-31', 'is no time', 1],
    ['since:24*', 'This is no time', 1],
    ['rerun:web', 'takes numbers', 1],
    ['status:failed,by:anna', 'stands behind a comma', 1],
    ['target:', 'Nothing stands after', 1],
  ])('refuses %s in words and says where', (text, words, position) => {
    const error = refusal(text);
    expect(error.code).toBe('bad-selector');
    expect(error.message).toContain(words);
    expect(error.detail).toMatchObject({ position });
  });
});
