import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placesIn, placesOf, placesText } from '#contract/host-places';
import { HostPlaces } from '#contract/run';

const places = fc.uniqueArray(fc.nat({ max: 200 }), { minLength: 1 });

describe('places of targets as text', () => {
  it('fold into ranges', () => {
    expect(placesText([7, 0, 1, 2, 4, 4])).toBe('0-2,4,7');
  });

  it('come back as they were, each once and rising, and are taken by the contract', () => {
    fc.assert(
      fc.property(places, (given) => {
        const text = placesText(given);
        expect(HostPlaces.parse(text)).toBe(text);
        expect(placesOf(text)).toEqual(given.toSorted((a, b) => a - b));
      }),
    );
  });

  it('are found in any order of ranges, also of ones that overlap', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 60 })), { minLength: 1 }), (ranges) => {
        const holds = placesIn(ranges.map(([from, to]) => `${from}-${to}`).join(','));
        for (let place = 0; place < 70; place += 1) {
          expect(holds(place)).toBe(ranges.some(([from, to]) => from <= place && place <= to));
        }
      }),
    );
  });

  it.each(['', '1,', '-1', '1--2', 'a', '1;2', '1 2'])('are refused as %j', (text) => {
    expect(HostPlaces.safeParse(text).success).toBe(false);
  });
});
