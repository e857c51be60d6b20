import { describe, expect, it } from 'vitest';
import { scrubLogLine } from '#core/support/scrub-log-line';
import { Scrubber } from '#core/support/scrubber';

const scrubber = (): Scrubber =>
  new Scrubber({
    hosts: ['web1', 'db.example.com', 'Büro Süd', 'WEB1', 'local', '127.0.0.1', '', '10.0.0.7', '(old) nas'],
    accounts: ['anna'],
    homes: ['/home/anna'],
  });

describe('a text that leaves the house', () => {
  it.each([
    ['web1 is away', 'machine-1 is away'],
    ['Web1: refused by anna@DB.example.com:22.', 'machine-1: refused by account-6@machine-2:22.'],
    ['asked web1.', 'asked machine-1.'],
    ['web10 and myweb1 are others', 'web10 and myweb1 are others'],
    ['/home/anna/.ssh/config line 3', '~/.ssh/config line 3'],
    ['from 10.0.0.7 to 192.168.1.20', 'from machine-4 to address-1'],
    ['at fe80::1:2 and 2001:db8::7', 'at address-1 and address-2'],
    ['at 127.0.0.1, ::1 and local', 'at 127.0.0.1, ::1 and local'],
    ['at 10:15:30 in 1.2.3', 'at 10:15:30 in 1.2.3'],
    ['the (old) nas', 'the machine-5'],
    [`token ${'aB3_'.repeat(10)}`, 'token [40 characters]'],
    ['run 01990000-0000-7000-8000-000000000001', 'run 01990000-0000-7000-8000-000000000001'],
  ])('%s becomes %s', (given, expected) => {
    expect(scrubber().text(given)).toBe(expected);
  });

  it('has a name that is no word replaced as well, whatever is in it', () => {
    expect(scrubber().text('reaching Büro Süd now')).toBe('reaching machine-3 now');
  });

  it('says the same thing by the same word, and is cut when it is very long', () => {
    const one = scrubber();
    expect(one.text('172.16.0.1')).toBe(one.text('172.16.0.1'));
    expect(one.text('172.16.0.2')).not.toBe(one.text('172.16.0.1'));
    expect(one.text('x '.repeat(5_000)).length).toBe(2_000);
  });

  it('is done with soon, among thousands of names', () => {
    const hosts = Array.from({ length: 20_000 }, (_, at) => `host-${at}.example.com`);
    const many = new Scrubber({ hosts, accounts: [], homes: [] });
    const text = 'connection to host-19999.example.com was lost; '.repeat(40);
    expect(Array.from({ length: 500 }, () => many.text(text)).every((done) => !done.includes('example.com'))).toBe(
      true,
    );
  });
});

describe('a line of the log that leaves the house', () => {
  it('keeps its sentence, its time and its numbers, and leaves out what came from outside', () => {
    const line = {
      level: 40,
      time: '2026-11-28T00:00:00.000Z',
      msg: 'request of a foreign origin refused',
      address: '10.0.0.7',
      host: 'secret.example',
      origin: 'https://secret.example',
      blockedMs: 70,
      login: { password: 'hunter2', user: 'anna', keys: [{ privateKey: 'x' }] },
    };
    expect(scrubLogLine(line, scrubber())).toEqual({
      level: 40,
      time: '2026-11-28T00:00:00.000Z',
      msg: 'request of a foreign origin refused',
      address: 'machine-4',
      host: '[left out]',
      origin: '[left out]',
      blockedMs: 70,
      login: { password: '[left out]', user: 'account-6', keys: [{ privateKey: '[left out]' }] },
    });
  });

  it('tells of an error where and of what kind it was, without what it quotes', () => {
    const message = `Unexpected token 's', "s3cret-value" is not valid JSON`;
    const error = { type: 'SyntaxError', message, stack: `SyntaxError: ${message}\n    at parse (cli.js:1:2)` };
    const scrubbed = JSON.stringify(scrubLogLine({ level: 50, time: '', msg: 'unexpected error', error }, scrubber()));
    expect(scrubbed).not.toContain('s3cret');
    expect(scrubbed).toContain('at parse (cli.js:1:2)');
  });

  it.each([
    `Unexpected token 's', "{"a":"s3cret" is not valid JSON`,
    `Unexpected end of "{\n"a": "s3cret\n" in JSON`,
    `Expected ',' after 'it's s3cret'`,
  ])('leaves out all that %j quotes, whose quotes may hold others', (message) => {
    const error = { type: 'SyntaxError', message, stack: `SyntaxError: ${message}\n    at parse (cli.js:1:2)` };
    const scrubbed = JSON.stringify(scrubLogLine({ level: 50, time: '', msg: 'unexpected error', error }, scrubber()));
    expect(scrubbed).not.toContain('s3cret');
    expect(scrubbed).toMatch(/Unexpected|Expected/);
  });

  it('does not follow a line for ever', () => {
    let deep: unknown = 'bottom';
    for (let at = 0; at < 50; at += 1) {
      deep = { deeper: deep };
    }
    const line = { level: 30, time: '', msg: 'deep', deep, list: Array.from({ length: 1_000 }, () => 'x') };
    expect(JSON.stringify(scrubLogLine(line, scrubber())).length).toBeLessThan(500);
  });
});
