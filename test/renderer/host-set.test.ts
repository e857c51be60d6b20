import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { draftOf } from '../../src-renderer/features/quick/draft.ts';
import { listText, rerunCommand, rerunCurl, resultsOf } from '../../src-renderer/features/run/host-set.ts';
import { whereOfHosts } from '../../src-renderer/ui/where-of.ts';
import { countsOf, detailOf, runOf } from './sample-runs.ts';

const host = (place: number, name: string, targetId: string | null = 'id') => ({
  host: place,
  name,
  address: `10.0.0.${place}`,
  targetId,
});

const hosts = [
  host(0, 'web1'),
  host(1, 'web2'),
  host(2, 'web3'),
  host(3, 'db server'),
  host(4, 'ada@10.0.0.4:22', null),
];

/** The words a shell makes of a line. */
const words = (line: string): string[] =>
  execFileSync('bash', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

describe('a set of targets', () => {
  it('is copied as other programs take it', () => {
    expect(listText(hosts, 'names')).toBe('web1\nweb2\nweb3\ndb server\nada@10.0.0.4:22');
    expect(listText(hosts, 'commas')).toBe('web1,web2,web3,db server,ada@10.0.0.4:22');
    expect(listText(hosts, 'folded')).toBe('web[1-3],db server,ada@10.0.0.4:22');
  });

  it('gives each address once', () => {
    expect(listText([...hosts, host(0, 'www')], 'addresses')).toBe('10.0.0.0\n10.0.0.1\n10.0.0.2\n10.0.0.3\n10.0.0.4');
  });

  it('is a selector of what is saved, with the quotes its names need', () => {
    expect(listText(hosts, 'selector')).toBe('web1,web2,web3,"db server"');
  });

  it('is run again by a command and by a request that name exactly its places', () => {
    const again = { no: 12, hosts: [host(0, 'a'), host(1, 'b'), host(7, 'c')], dataFolder: '/my data' };
    expect(words(rerunCommand(again))).toEqual(['drover', 'rerun', '--data', '/my data', '12', '--hosts', '0-1,7']);
    const curl = words(rerunCurl(again));
    expect(JSON.parse(curl[curl.indexOf('-d') + 1] ?? '')).toEqual({ run: 12, hosts: [0, 1, 7] });
    expect(curl.at(-1)).toBe('http://localhost/api/run.rerun');
  });

  it('is asked for by its places, by the run alone when it is all of it, and not at all when it does not fit', () => {
    const run = runOf({ no: 12, counts: countsOf({ total: 5 }) });
    expect(resultsOf(run, hosts)).toEqual({ run: 12 });
    expect(resultsOf(run, hosts.slice(1, 3))).toEqual({ run: 12, hosts: '1-2' });
    const scattered = Array.from({ length: 9_000 }, (_, index) => host(index * 2, 'x'));
    expect(resultsOf(run, scattered)).toBeNull();
  });

  it('fills the form of Quick execute with exactly its targets and addresses', () => {
    const detail = detailOf({ run: { selector: 'tag:web' } });
    expect(draftOf(detail, hosts.slice(0, 4))).toMatchObject({ targets: 'tag:web', addresses: '' });
    expect(
      draftOf(detail, hosts, whereOfHosts(hosts.filter(({ host: place }) => [1, 3, 4].includes(place)))),
    ).toMatchObject({
      targets: 'web2,"db server"',
      addresses: 'ada@10.0.0.4:22',
      text: 'uptime',
    });
  });
});
