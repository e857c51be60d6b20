import { describe, expect, it } from 'vitest';
import { DroverClient } from '#contract/client';
import { followSteadily, type Gate } from '../../src-renderer/client/follow-steadily.ts';
import { FakeWire, settle } from './fake-wire.ts';

/** A gate that the test opens and closes. */
class HandGate implements Gate {
  readonly #waiting = new Set<() => void>();
  readonly #closing = new Set<() => void>();
  isOpen = true;

  open(): Promise<void> {
    return this.isOpen ? Promise.resolve() : new Promise((resolve) => this.#waiting.add(() => resolve()));
  }

  onClose(act: () => void): () => void {
    this.#closing.add(act);
    return () => this.#closing.delete(act);
  }

  set(open: boolean): void {
    this.isOpen = open;
    for (const act of open ? this.#waiting : this.#closing) {
      act();
    }
  }
}

function follow(gate = new HandGate()) {
  const wire = new FakeWire();
  const left = new AbortController();
  const seen: number[] = [];
  const done = followSteadily(
    { client: new DroverClient(wire), gate },
    { name: 'run.changes', input: {}, resume: (input, after) => ({ ...input, after }) },
    { signal: left.signal, onItem: (_item, seq) => seen.push(seq) },
  );
  return { wire, gate, left, seen, done };
}

describe('following steadily', () => {
  it('takes a lost feed up after the last number', async () => {
    const { wire, seen, left } = follow();
    await settle();
    wire.lastFeed.give(4, {});
    wire.lastFeed.end('engine-stopping');
    await settle();
    wire.lastFeed.give(5, {});
    expect(wire.feeds.map((feed) => feed.input)).toEqual([{}, { after: 4 }]);
    expect(seen).toEqual([4, 5]);
    left.abort();
  });

  it('ends with the feed', async () => {
    const { wire, done } = follow();
    await settle();
    wire.lastFeed.end();
    await expect(done).resolves.toBeUndefined();
    expect(wire.feeds.length).toBe(1);
  });

  it('gives up on a refusal that another try would not change', async () => {
    const { wire, done } = follow();
    await settle();
    wire.lastFeed.end('access-denied');
    await expect(done).rejects.toMatchObject({ code: 'access-denied' });
  });

  it('gives the feed back while nobody looks, and goes on where it was', async () => {
    const { wire, gate, left } = follow();
    await settle();
    wire.lastFeed.give(9, {});
    gate.set(false);
    await settle();
    expect(wire.lastFeed.closed).toBe(true);
    expect(wire.feeds.length).toBe(1);
    gate.set(true);
    await settle();
    expect(wire.lastFeed.input).toEqual({ after: 9 });
    left.abort();
  });

  it('opens nothing before the gate does', async () => {
    const gate = new HandGate();
    gate.isOpen = false;
    const { wire, left } = follow(gate);
    await settle();
    expect(wire.feeds).toEqual([]);
    gate.set(true);
    await settle();
    expect(wire.feeds.length).toBe(1);
    left.abort();
  });

  it('closes the feed and resolves when it is no longer wanted', async () => {
    const { wire, left, done } = follow();
    await settle();
    left.abort();
    await expect(done).resolves.toBeUndefined();
    expect(wire.lastFeed.closed).toBe(true);
  });
});
