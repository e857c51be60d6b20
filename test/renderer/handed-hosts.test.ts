import { beforeEach, describe, expect, it, vi } from 'vitest';
import { handedHosts, handHosts } from '../../src-renderer/client/handed-hosts.ts';

const store = new Map<string, string>();

beforeEach(() => {
  store.clear();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => void store.set(key, value),
  });
});

describe('a set of targets on its way to another page', () => {
  it('is found under its token, as often as the page asks, also after the page was loaded anew', async () => {
    const token = handHosts(12, [4, 0, 7]);
    expect(handedHosts(12, token)).toEqual(new Set([0, 4, 7]));
    expect(handedHosts(12, token)).toEqual(new Set([0, 4, 7]));
    vi.resetModules();
    const anew = await import('../../src-renderer/client/handed-hosts.ts');
    expect(anew.handedHosts(12, token)).toEqual(new Set([0, 4, 7]));
  });

  it('is never taken for that of another run, nor for one that came later', () => {
    const token = handHosts(12, [1]);
    expect(handedHosts(13, token)).toBeNull();
    handHosts(12, [2]);
    expect(handedHosts(12, token)).toBeNull();
    expect(handedHosts(12, '')).toBeNull();
  });

  it('lives as long as the page where a browser keeps nothing', () => {
    vi.stubGlobal('sessionStorage', {
      getItem: () => {
        throw new Error('forbidden');
      },
      setItem: () => {
        throw new Error('full');
      },
    });
    expect(handedHosts(3, handHosts(3, [5]))).toEqual(new Set([5]));
  });
});
