import { expect, it } from 'vitest';
import { builtInRules } from '#core/guard/built-in-rules';
import { judgeScript } from '#core/guard/judge-script';
import { isStricter } from '#core/guard/judgement';

const judged = (text: string, os: string, disabled: readonly string[] = []) =>
  judgeScript({ text, language: os === 'windows' ? 'powershell' : 'shell' }, { disabled });

const listed = builtInRules.filter(({ stops }) => stops !== undefined);

it('has at least three examples on both sides for every rule that is data', () => {
  for (const { id, stops = [], passes = [] } of listed) {
    expect([id, stops.length >= 3, passes.length >= 3]).toEqual([id, true, true]);
  }
});

it('stops what each rule says it stops, at its level or a stricter one', () => {
  const wrong = listed.flatMap(({ id, level, os, stops = [] }) =>
    stops
      .map((text) => ({ text, hits: judged(text, os).hits }))
      .filter(({ hits }) => !hits.some((hit) => hit.rule === id && !isStricter(level, hit.level)))
      .map(({ text, hits }) => `${id}: ${text} → ${hits.map(({ rule }) => rule).join()}`),
  );
  expect(wrong).toEqual([]);
});

it('lets pass what each rule says passes', () => {
  const wrong = listed.flatMap(({ id, os, passes = [] }) =>
    passes
      .map((text) => ({ text, judgement: judged(text, os) }))
      .filter(({ judgement }) => judgement.verdict === 'block')
      .map(({ text, judgement }) => `${id}: ${text} → ${judgement.hits.map(({ rule }) => rule).join()}`),
  );
  expect(wrong).toEqual([]);
});

it('needs every rule: without it one of its examples is no longer stopped by it', () => {
  const needless = listed.filter(({ id, os, stops = [] }) =>
    stops.every((text) => judged(text, os, [id]).hits.some((hit) => hit.rule === id)),
  );
  expect(needless.map(({ id }) => id)).toEqual([]);
});

it('changes the verdict of an example when a rule is taken away', () => {
  const needless = listed.filter(({ id, level, os, stops = [] }) =>
    stops.every((text) => {
      const without = judged(text, os, [id]).level;
      return without !== null && !isStricter(level, without);
    }),
  );
  expect(needless.map(({ id }) => id)).toEqual([]);
});

it('gives every rule a name of its own', () => {
  expect(new Set(builtInRules.map(({ id }) => id)).size).toBe(builtInRules.length);
});
