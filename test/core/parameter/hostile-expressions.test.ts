import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import { renderText } from '#core/parameter/render-text';

/** Escapes published for Jinja2, Twig, Nunjucks, Handlebars, Freemarker and the like, and some for this interpreter. */
const payloads = [
  "{{ ''.__class__.__mro__[1].__subclasses__() }}",
  "{{ config.__class__.__init__.__globals__['os'].popen('id').read() }}",
  "{{ self.__init__.__globals__.__builtins__.__import__('os').popen('id').read() }}",
  "{{ request.application.__globals__.__builtins__.__import__('os') }}",
  "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
  "{{ lipsum.__globals__['os'].popen('id').read() }}",
  '{{ joiner.__init__.__globals__.os }}',
  '{{ namespace.__init__.__globals__.os }}',
  '{{ get_flashed_messages.__globals__.__builtins__ }}',
  '{{ url_for.__globals__ }}',
  "{{ ''|attr('__class__') }}",
  "{{ ()|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
  '{{ [].class.base.subclasses() }}',
  "{{ range.constructor('return process.version')() }}",
  "{{ range.constructor('return globalThis.hit = 1')() }}",
  "{{ ''.constructor.constructor('globalThis.hit = 1')() }}",
  "{{ []['constructor']['constructor']('globalThis.hit = 1')() }}",
  "{{ a['constructor'] }}",
  '{{ a.constructor }}',
  "{{ a['__proto__']['hit'] }}",
  "{{ l['constructor'] }}",
  "{{ l.map.constructor('globalThis.hit = 1')() }}",
  "{{ l['upper'] }}",
  "{{ a['upper'] }}",
  "{{ a['replace']('x', 'y') }}",
  "{{ {}['__proto__'] }}",
  '{{ {}.toString() }}',
  "{{ {'toString': 1}.items() }}",
  "{{ joiner.constructor('return process')() }}",
  '{{ globalThis.process.exit(1) }}',
  "{{ process.mainModule.require('child_process').execSync('id') }}",
  "{{ this.constructor.constructor('return process')() }}",
  "{{ raise_exception('x') }}",
  "{{ strftime_now('%Y') }}",
  '{{ range(1000000000) }}',
  '{{ namespace(x=1).x }}',
  "{{ a|map('upper') }}",
  "{{ l|map(attribute='constructor') }}",
  "{{ l|selectattr('constructor') }}",
  "{{ a|format('%s') }}",
  '{{ a | filter upper }}',
  "{{ 'filter upper'('x') }}",
  "{{ 'operator ~'(a, a) }}",
  "{{ ('filter quote')(a) }}",
  "{{ _self.env.registerUndefinedFilterCallback('exec') }}",
  "{{ ['id']|filter('system') }}",
  '{{#with "s" as |string|}}{{this.push (lookup string.sub "constructor")}}{{/with}}',
  '{{= 7*7 }}',
  '${7*7} #{7*7} <%= 7*7 %> *{7*7} @(7*7)',
  '{% for x in range(9) %}{{ a }}{% endfor %}',
  '{% set hit = 1 %}{{ hit }}',
  "{{ a }}{% include '/etc/passwd' %}",
  '{{ caller() }}',
  '{{ loop.index }}',
  '{{ a if range(3) else a }}',
  '{{ *a }}',
  '{{ **a }}',
  '{{ a = 1 }}',
  '{{ [x for x in l] }}',
  '{{ a | default(range) }}',
];

describe('hostile expressions', () => {
  it('are sixty different ones', () => {
    expect(new Set(payloads).size).toBe(60);
  });

  it.each(payloads)('%s reaches nothing of the host', (payload) => {
    const values = new Map<string, string | readonly string[]>([
      ['a', 'value-a'],
      ['l', ['one']],
    ]);
    let result: string;
    try {
      result = renderText(payload, values);
    } catch (error) {
      expect(error).toBeInstanceOf(DroverError);
      result = '';
    }
    expect(result).not.toMatch(/function|native code|\[object|=>|uid=|v\d+\.\d+\.\d+|20\d\d/);
    // What was not refused is the text itself, with its plain parameters filled in.
    expect(['', payload, payload.replace('{{ a }}', 'value-a')]).toContain(result);
    expect(globalThis).not.toHaveProperty('hit');
    expect(Object.prototype).not.toHaveProperty('hit');
  });
});

describe('many expressions that each cost a little', () => {
  const million = new Map([['p', 'x'.repeat(1_000_000)]]);
  const lines = (count: number, make: (line: number) => string): string =>
    Array.from({ length: count }, (_, line) => make(line)).join('\n');

  it.each([
    ['lengths', (line: number) => `{{ p|length + ${line} }}`],
    ['characters', (line: number) => `{{ p[${line}] }}`],
    ['slices', (line: number) => `{{ p[0:${line}] }}`],
    ['searches', (line: number) => `{{ 'y${line}' in p }}`],
    ['capitals', (line: number) => `{{ (p|upper)[${line}] }}`],
  ])('have one budget together: %s', (_name, make) => {
    expect(renderText(lines(10, make), million)).not.toBe('');
    expect(() => renderText(lines(5_000, make), million)).toThrow(expect.objectContaining({ code: 'too-large' }));
  });

  it('are not parsed without end', () => {
    const long = (line: number): string => `{{ ${'1+'.repeat(450)}${line} }}`;
    expect(renderText(lines(100, long), new Map())).toContain('\n549');
    expect(() => renderText(lines(1_000, long), new Map())).toThrow(expect.objectContaining({ code: 'too-large' }));
  });
});
