import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NoiseGate } from '#adapters/ssh/noise-gate';

/** What comes through a gate that is fed with these pieces. */
function through(pieces: readonly Buffer[], token: string): { line: string | undefined; rest: Buffer; noise: string } {
  const gate = new NoiseGate(token);
  let line: string | undefined;
  const rest: Buffer[] = [];
  for (const piece of pieces) {
    const taken = gate.take(piece);
    line ??= taken?.line;
    rest.push(...(taken ? [taken.rest] : []));
  }
  return { line, rest: Buffer.concat(rest), noise: gate.noise };
}

describe('the gate before the output', () => {
  it('lets through what follows the line of the token and nothing before it, however it is cut', () => {
    const bytes = fc.uint8Array({ maxLength: 30 });
    fc.assert(
      fc.property(bytes, bytes, fc.array(fc.nat({ max: 90 })), (before, after, cuts) => {
        const all = Buffer.concat([before, Buffer.from('token-1 run 5 /bin/sh\n'), after]);
        const at = [0, ...cuts.filter((cut) => cut < all.length).sort((a, b) => a - b), all.length];
        const pieces = at.slice(1).map((to, index) => all.subarray(at[index], to));
        const got = through(pieces, 'token-1');
        expect(got.line).toBe('run 5 /bin/sh');
        expect(got.rest.equals(Buffer.from(after))).toBe(true);
        expect(got.noise).toBe(Buffer.from(before).toString());
      }),
    );
  });

  it('keeps the last of what is said while no token comes', () => {
    const gate = new NoiseGate('token');
    for (let count = 0; count < 1_000; count += 1) {
      expect(gate.take(Buffer.from(`noise ${count} `.repeat(20)))).toBeUndefined();
    }
    expect(gate.isOpen).toBe(false);
    expect(gate.noise).toMatch(/noise 999 $/);
    expect(gate.noise.length).toBeLessThanOrEqual(4_096);
  });

  it('takes a token that no line of ours follows for noise, and holds no more of it than of other noise', () => {
    const gate = new NoiseGate('drover-token');
    expect(gate.take(Buffer.from('drover-token without an end'))).toBe(undefined);
    for (let packet = 0; packet < 3_000; packet += 1) {
      expect(gate.take(Buffer.alloc(32_768, 'x'))).toBe(undefined);
    }
    expect(gate.noise.length).toBeLessThan(40_000);
    expect(gate.take(Buffer.from('\nmore'))).toBe(undefined);
  });
});
