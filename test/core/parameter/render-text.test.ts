import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import { renderText } from '#core/parameter/render-text';
import type { ParameterValue } from '#core/parameter/parameter-value';

const render = (text: string, values: Record<string, ParameterValue> = {}) =>
  renderText(text, new Map(Object.entries(values)));

function refusal(text: string, values: Record<string, ParameterValue> = {}): DroverError {
  try {
    render(text, values);
  } catch (error) {
    if (error instanceof DroverError) {
      return error;
    }
    throw error;
  }
  throw new Error(`${text} was rendered`);
}

describe('renderText', () => {
  it.each([
    '',
    'a',
    'a\n',
    'a\n\n',
    'a\r\n',
    '\r\n{{.Names}}\r',
    '\ufeff#!/bin/sh\n',
    '${#a[@]} %{x} {%x%} {#x#}\n',
    ' \t',
  ])('keeps every byte of %j', (text) => {
    expect(render(text)).toBe(text);
  });

  it('keeps every byte around an expression', () => {
    const around = fc.string({
      unit: fc.constantFrom('a', '\n', '\r', ' ', '{a', '}', '%', '#', '$', '\\', '€', '\0'),
    });
    fc.assert(
      fc.property(around, around, around, (before, after, value) => {
        expect(render(`${before}{{ v }}${after}`, { v: value })).toBe(before + value + after);
      }),
    );
  });

  it('takes values as they are, never as text to scan or to replace by', () => {
    const values = { a: '{{ b }} $& $1 $$ \\1 %s', b: 'never' };
    expect(render('<{{ a }}>', values)).toBe(`<${values.a}>`);
    expect(render("{{ 'x-x' | replace('x', a) }}", values)).toBe(`${values.a}-${values.a}`);
  });

  it.each([
    ['{{ s }}', 'text'],
    ['{{ n }} {{ n / 2 }} {{ n + 0.5 }} {{ -n }}', '7 3.5 7.5 -7'],
    ['{{ 10 / 2 }} {{ 7 // 2 }} {{ 2 ** 10 }} {{ 7 % 4 }}', '5 3 1024 3'],
    ['{{ t }} {{ not t }} {{ none }}.', 'true false .'],
    ['{{ l }} {{ l[0] }} {{ l[-1] }} {{ l.1 }} {{ l[9] }}.', '["x", "y z"] x y z y z .'],
    ["{{ l[1:] }} {{ s[1:3] }} {{ '😀b'[0] }}", '["y z"] ex 😀'],
    ['{{ s ~ n ~ t }} {{ s + "!" }} {{ l + ["q"] }}', 'text7true text! ["x", "y z", "q"]'],
    ['{{ "big" if n > 5 else "small" }} {{ "x" in l }} {{ n == 7 and s != "no" }}', 'big true true'],
    ["{{ {'dev': 'a', 'prod': 'b'}[e] }}", 'b'],
    ["{{ {'__proto__': 'own'}['__proto__'] }}{{ {'a': 1}['constructor'] }}", 'own'],
    ["{{ '{{' }}.Names{{ '}}' }}", '{{.Names}}'],
    [String.raw`{{ 'a\tb\u00e9\d\\' }}`, 'a\tbé\\d\\'],
    ["{{ '{% generation %}' }}", '{% generation %}'],
    ['{{ (1, 2) }} {{ {"a": [true, none, "q\\""]} }}', String.raw`[1, 2] {"a": [true, null, "q\""]}`],
    ['{{ s is defined }} {{ n is odd }} {{ s is not string }}', 'true true false'],
    ['{{\n  s\n  | upper\n}}', 'TEXT'],
    ['{{ {{ s }} }}', '{{ text }}'],
  ])('renders %s as %s', (text, expected) => {
    expect(render(text, { s: 'text', n: 7, t: true, l: ['x', 'y z'], e: 'prod' })).toBe(expected);
  });

  it('names the undeclared parameter and its line', () => {
    const error = refusal('a\nb {{ known }}\n{{ known ~\n  missing }}', { known: 'x' });
    expect(error).toMatchObject({ code: 'bad-parameter', detail: { name: 'missing', line: 4 } });
    expect(error.message).toContain('Line 4');
    expect(error.message).toContain('missing');
  });

  it.each(['missing | default("x")', 'missing is defined', 'true or missing'])(
    'refuses an undeclared name in “%s” too',
    (expression) => {
      expect(refusal(`{{ ${expression} }}`)).toMatchObject({ code: 'bad-parameter', detail: { name: 'missing' } });
    },
  );

  it.each([
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'range',
    'namespace',
    'strftime_now',
    'loop',
    'self',
  ])('knows %s only when it is declared', (name) => {
    expect(refusal(`{{ ${name} }}`)).toMatchObject({ detail: { name } });
    expect(renderText(`{{ ${name} }}`, new Map([[name, 'mine']]))).toBe('mine');
  });

  it('never prints a value in a refusal', () => {
    const secret = 'S3CRET\0-HIDDEN';
    const expressions = [
      's | quote',
      's | b64decode',
      's.password',
      's | nosuch',
      's[s]',
      's + true - 1',
      's * 2',
      "s | replace('', s)",
      's | replace(s, s, s)',
      'n[0]',
      '(s ~ "9" * 20) | int',
      '("9" ~ n ~ n) | int',
      'undeclared ~ s',
      '-s',
      '{n: s}',
      's % 2',
    ];
    for (const expression of expressions) {
      const error = refusal(`{{ ${expression} }}`, { s: secret, n: 987_654_321_012 });
      expect(`${error.message} ${JSON.stringify(error.detail)}`).not.toMatch(/S3CRET|HIDDEN|987/);
      expect(error.code).toBe('bad-parameter');
    }
  });

  it('allows 5 MB of result and not a byte more', () => {
    const limit = 5 * 1024 * 1024;
    expect(render('{{ a }}', { a: 'x'.repeat(limit) })).toHaveLength(limit);
    expect(render('{{ a }}', { a: 'é'.repeat(limit / 2) })).toHaveLength(limit / 2);
    expect(refusal('{{ a }}!', { a: 'x'.repeat(limit) })).toMatchObject({ code: 'too-large' });
    expect(refusal('{{ a }}!', { a: 'é'.repeat(limit / 2) })).toMatchObject({ code: 'too-large' });
  });

  it.each([
    '{{ a | replace("x", a) | replace("x", a) | replace("x", a) }}',
    `{{ q${' | tojson'.repeat(40)} }}`,
    `{{ q${' | tojson'.repeat(24)} | length }}`,
    `{{ ${Array.from({ length: 110 }, () => '(a ~ a) | length').join(' + ')} }}`,
    '{{ ([a, a, a, a, a, a] + [a, a, a, a, a, a]) | join(a) | join(a) }}',
    `{{ ${'a ~ '.repeat(400)}a }}`,
    '{{ a }}'.repeat(6000),
  ])('stops a text that multiplies itself before it fills the memory (%#)', (text) => {
    const start = performance.now();
    expect(refusal(text, { a: 'x'.repeat(100_000), q: '"' })).toMatchObject({ code: 'too-large' });
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it('quotes any value into one shell word', () => {
    const words = fc.sample(fc.string({ unit: 'grapheme' }), 300).map((word) => word.replaceAll('\0', ''));
    const all = [...words, "it's", '', '-rf', '$(id)', '`id`', 'a\nb\n', '!', '%s', '\\', "'\\''", '€ 😀'];
    const script = render("printf '%s\\0' {{ all | quote }}; printf '%s' {{ last | quote }}", { all, last: "'" });
    for (const shell of ['sh', 'bash']) {
      const printed = execFileSync(shell, ['-s'], { input: script }).toString();
      expect(printed.split('\0')).toEqual([...all, "'"]);
    }
  });
});
