import { describe, expect, it } from 'vitest';
import { attachment } from '#contract/content-disposition';

describe('attachment', () => {
  it('gives the name twice, for old clients without foreign letters', () => {
    expect(attachment('Lauf 12 – Übersicht.log')).toBe(
      `attachment; filename="Lauf 12 _ _bersicht.log"; filename*=UTF-8''Lauf%2012%20%E2%80%93%20%C3%9Cbersicht.log`,
    );
  });

  it.each([
    ['../../etc/passwd', '__.._etc_passwd'],
    ['..\\x', '__x'],
    ['a"; filename="evil.exe', 'a_; filename=_evil.exe'],
    ['a\r\nset-cookie: x=1', 'a__set-cookie_ x=1'],
    ['.bashrc', '_bashrc'],
    ['100%41.txt', '100_41.txt'],
    ['invoice\u202efdp.exe', 'invoice_fdp.exe'],
    ['', 'download'],
  ])('of %j saves as %j', (name, plain) => {
    expect(attachment(name)).toContain(`attachment; filename="${plain}"; `);
  });

  it.each(['\ud800', 'x'.repeat(5_000), '\u0000', '💾'.repeat(300)])(
    'is one header line whatever the name: %#',
    (name) => {
      expect(attachment(name)).toMatch(/^attachment; filename="[\x20-\x7e]{1,200}"; filename\*=UTF-8''[\w.%!~-]+$/);
    },
  );
});
