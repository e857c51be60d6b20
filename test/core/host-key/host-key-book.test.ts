import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { HostKey } from '#contract/host-key';
import type { ShownKey } from '#core/ports-reach';
import { createHostKeyBook, type HostKeys } from '#core/host-key/host-key-book';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { anna, refusalOf } from '../../support/fakes/engine-rig.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { MemoryArchive, noSpaceFor } from '../../support/fakes/memory-archive.ts';

const engine = { ...anna, name: 'Drover' };
let archive: MemoryArchive;
let clock: FakeClock;
let log: CollectingLog;
let book: HostKeys;

const open = (mostOffers = 10_000): HostKeys => createHostKeyBook({ store: archive, clock, log, engine, mostOffers });

beforeEach(() => {
  archive = new MemoryArchive();
  clock = new FakeClock();
  log = new CollectingLog();
  book = open();
});

const shown = (name: string, where: Partial<ShownKey> = {}): ShownKey => ({
  address: 'web1',
  port: 22,
  type: 'ssh-ed25519',
  publicKey: `KEY-${name}`,
  fingerprint: `SHA256:${name}`,
  ...where,
});
const trusted = (address = 'web1', port = 22): string[] =>
  book.trusted(address, port).map(({ publicKey }) => publicKey);
const offers = (): HostKey[] => book.list({ state: 'offered' });
const acceptAll = (replace = false): HostKey[] =>
  book.acceptOffered({ ids: offers().map(({ id }) => id), replace }, anna);

describe('the host keys Drover trusts', () => {
  it('are told by address and port, whatever the case and the spelling of an IPv6 address', () => {
    book.accept(shown('a', { address: 'Web1' }), 'run 1');
    book.accept(shown('b', { address: '2001:db8:0::1', port: 2222 }), 'run 1');
    expect(trusted('wEB1')).toEqual(['KEY-a']);
    expect(trusted('2001:DB8::1', 2222)).toEqual(['KEY-b']);
    expect(trusted('web1', 2222)).toEqual([]);
    expect(trusted('web10')).toEqual([]);
  });

  it('are the same after a restart', () => {
    book.accept(shown('a'), 'run 1');
    book.accept(shown('b', { type: 'ssh-rsa' }), 'run 1');
    book.offer(shown('c'), 'SHA256:a');
    const before = book.list({});
    book = open();
    expect(book.list({})).toEqual(before);
    expect(trusted()).toEqual(['KEY-a', 'KEY-b']);
  });

  it('never change by what a connection shows: of two first contacts the second is only offered', () => {
    book.accept(shown('a'), 'run 1');
    book.accept(shown('b'), 'run 1');
    expect(trusted()).toEqual(['KEY-a']);
    expect(offers()).toMatchObject([{ publicKey: 'KEY-b', replaces: 'SHA256:a' }]);
  });

  it('stand in the audit log with who took them', () => {
    book.accept(shown('a'), 'run 7');
    book.flush();
    expect(archive.audits).toMatchObject([
      { action: 'hostkey.accept', actor: { name: 'Drover' }, detail: { fingerprint: 'SHA256:a', by: 'run 7' } },
    ]);
    expect(book.list({})[0]?.acceptedBy).toBe('run 7');
  });
});

describe('keys that a run takes', () => {
  it('are trusted at once and stored soon, all in one write', async () => {
    for (const address of ['web1', 'web2', 'web3']) {
      book.accept(shown(address, { address }), 'run 1');
    }
    expect(trusted('web2')).toEqual(['KEY-web2']);
    expect(archive.listHostKeys()).toEqual([]);
    await clock.advance(100);
    expect(archive.listHostKeys()).toHaveLength(3);
    expect(trusted('web2')).toEqual(['KEY-web2']);
  });
});

describe('an offered key', () => {
  it('is trusted only once a person has accepted it', () => {
    book.offer(shown('a'), null);
    expect(trusted()).toEqual([]);
    expect(acceptAll()).toMatchObject([{ state: 'accepted', acceptedBy: 'anna', publicKey: 'KEY-a' }]);
    expect(trusted()).toEqual(['KEY-a']);
    expect(offers()).toEqual([]);
    expect(archive.listHostKeys()).toHaveLength(1);
  });

  it('that replaces another is refused with both fingerprints, until that is said to be meant', () => {
    book.accept(shown('old'), 'run 1');
    book.offer(shown('new'), 'SHA256:old');
    const { code, message } = refusalOf(() => acceptAll());
    expect(code).toBe('bad-input');
    expect(message).toContain('SHA256:old');
    expect(message).toContain('SHA256:new');
    expect(trusted()).toEqual(['KEY-old']);
    acceptAll(true);
    expect(trusted()).toEqual(['KEY-new']);
    book = open();
    expect(trusted()).toEqual(['KEY-new']);
    expect(book.list({})).toHaveLength(1);
  });

  it('that came before another was trusted replaces it all the same', () => {
    book.offer(shown('early'), null);
    book.accept(shown('trusted'), 'run 1');
    expect(offers()[0]?.replaces).toBe('SHA256:trusted');
    expect(refusalOf(() => acceptAll()).code).toBe('bad-input');
    expect(trusted()).toEqual(['KEY-trusted']);
  });

  it('of another type stands beside the trusted one unless it takes its place', () => {
    book.accept(shown('a'), 'run 1');
    book.offer(shown('b', { type: 'ssh-rsa' }), null);
    acceptAll();
    expect(trusted()).toEqual(['KEY-a', 'KEY-b']);
    book.offer(shown('c', { type: 'ecdsa' }), 'SHA256:a');
    expect(refusalOf(() => acceptAll()).code).toBe('bad-input');
    acceptAll(true);
    expect(trusted()).toEqual(['KEY-b', 'KEY-c']);
  });

  it('that replaces a key of known_hosts needs the same word', () => {
    book.offer(shown('a'), 'SHA256:of-known-hosts');
    expect(refusalOf(() => acceptAll()).message).toContain('SHA256:of-known-hosts');
    acceptAll(true);
    expect(trusted()).toEqual(['KEY-a']);
  });

  it('is accepted with all others or not at all', () => {
    book.accept(shown('a'), 'run 1');
    book.offer(shown('b'), 'SHA256:a');
    book.offer(shown('c', { address: 'web2' }), null);
    expect(refusalOf(() => acceptAll()).code).toBe('bad-input');
    expect(trusted('web2')).toEqual([]);
    archive.failure = noSpaceFor('removeHostKeys');
    expect(refusalOf(() => acceptAll(true)).code).toBe('no-space');
    archive.failure = () => undefined;
    expect(trusted('web2')).toEqual([]);
    expect(trusted()).toEqual(['KEY-a']);
    expect(offers()).toHaveLength(2);
    const unknown = refusalOf(() => book.acceptOffered({ ids: ['gone'], replace: true }, anna));
    expect(unknown.code).toBe('not-found');
  });

  it('is kept once for each address, port and type: the newest', async () => {
    book.offer(shown('a'), null);
    await clock.advance(1_000);
    book.offer(shown('b'), null);
    book.offer(shown('c', { port: 2222 }), null);
    expect(offers().map(({ publicKey }) => publicKey)).toEqual(['KEY-b', 'KEY-c']);
    book = open();
    expect(offers().map(({ publicKey }) => publicKey)).toEqual(['KEY-b', 'KEY-c']);
  });

  it('is noted again at most once a minute', async () => {
    let writes = 0;
    archive.failure = () => {
      writes += 1;
      return undefined;
    };
    for (let n = 0; n < 10; n += 1) {
      book.offer(shown('a'), null);
    }
    expect(writes).toBe(1);
    const first = offers()[0]?.seenAt ?? 0;
    await clock.advance(60_000);
    book.offer(shown('a'), null);
    expect(offers()[0]?.seenAt).toBe(first + 60_000);
  });

  it('cannot fill the archive or the audit log, however many a hostile network shows', () => {
    book = open(100);
    for (let n = 0; n < 5_000; n += 1) {
      book.offer(shown(`${n}`, n % 2 ? { address: `h${n}` } : {}), null);
    }
    expect(offers()).toHaveLength(100);
    expect(offers().some(({ publicKey }) => publicKey === 'KEY-4999')).toBe(true);
    expect(archive.listHostKeys().length).toBeLessThanOrEqual(1_100);
    expect(archive.audits.length).toBeLessThanOrEqual(5);
    book.offer(shown('x', { address: 'long', publicKey: 'A'.repeat(30_000) }), null);
    book.offer(shown('x', { address: 'odd', type: 'ssh\u001b[2J' }), null);
    expect(book.list({ address: 'long' })).toEqual([]);
    expect(book.list({ address: 'odd' })).toEqual([]);
  });
});

describe('host keys', () => {
  it('end no connection when they cannot be stored', () => {
    archive.failure = noSpaceFor();
    book.offer(shown('a'), null);
    book.accept(shown('b', { address: 'web2' }), 'run 1');
    book.flush();
    expect(log.messages('warn')).toHaveLength(2);
    expect(book.list({})).toEqual([]);
    expect(trusted('web2')).toEqual([]);
  });

  it('that are removed are trusted no longer', () => {
    book.accept(shown('a'), 'run 1');
    book.offer(shown('b', { address: 'web2' }), null);
    const ids = book.list({}).map(({ id }) => id);
    expect(book.remove([...ids, 'gone'], anna)).toBe(2);
    expect(book.list({})).toEqual([]);
    expect(trusted()).toEqual([]);
    expect(archive.audits.at(-1)).toMatchObject({ action: 'hostkey.remove', actor: { name: 'anna' } });
    expect(book.remove(ids, anna)).toBe(0);
  });

  it('are listed by state and address, offered ones first', () => {
    book.accept(shown('a', { address: 'a' }), 'run 1');
    book.offer(shown('b', { address: 'b' }), null);
    expect(book.list({}).map(({ address }) => address)).toEqual(['b', 'a']);
    expect(book.list({ state: 'accepted' }).map(({ address }) => address)).toEqual(['a']);
    expect(book.list({ address: 'B' }).map(({ address }) => address)).toEqual(['b']);
  });

  it('hold at most one offer for each place, and trust only what was accepted, whatever happens in which order', () => {
    const step = fc.tuple(fc.constantFrom('offer', 'accept', 'take', 'remove', 'restart'), fc.nat(2), fc.nat(2));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        archive = new MemoryArchive();
        book = open(3);
        for (const [what, place, name] of steps) {
          const key = shown(`${place}-${name}`, { address: `h${place}` });
          const known = book.list({ address: key.address }).map(({ id }) => id);
          const before = trusted(key.address);
          switch (what) {
            case 'offer':
              book.offer(key, null);
              expect(trusted(key.address)).toEqual(before);
              break;
            case 'accept':
              book.accept(key, 'run');
              expect(trusted(key.address)).toEqual(before.length > 0 ? before : [key.publicKey]);
              break;
            case 'take':
              book.acceptOffered({ ids: known, replace: true }, anna);
              break;
            case 'remove':
              book.remove(known.slice(0, 1), anna);
              break;
            case 'restart': {
              const all = book.list({});
              book = open(3);
              expect(book.list({})).toEqual(all);
            }
          }
          expect(trusted(key.address).length).toBeLessThanOrEqual(1);
          expect(book.list({ address: key.address, state: 'offered' }).length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
