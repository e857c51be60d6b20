import { describe, expect, it } from 'vitest';
import { findParameters } from '#core/parameter/find-parameters';

const nothing = { names: [], leftAlone: [], problems: [] };

describe('findParameters', () => {
  it('names each parameter once, with the line of its first use', () => {
    const text = 'echo {{ a }}\r\necho {{ b | upper }} {{ a }}\n\n{{ c ~ b }}\r{{ d }}';
    expect(findParameters(text)).toEqual({
      ...nothing,
      names: [
        { name: 'a', line: 1 },
        { name: 'b', line: 2 },
        { name: 'c', line: 4 },
        { name: 'd', line: 5 },
      ],
    });
  });

  it('gives the line of the name in an expression of several lines', () => {
    expect(findParameters("x\n{{ 'b'\n ~ a |\n default(b) }}").names).toEqual([
      { name: 'a', line: 3 },
      { name: 'b', line: 4 },
    ]);
  });

  it.each([
    ["{{ '{{' }}", []],
    ['{{ true and not none }}', []],
    ["{{ 'a }} {{ b' ~ a }}", ['a']],
    [String.raw`{{ 'it\'s }}' ~ a }}`, ['a']],
    ["{{ {'x': {'y': a}}['x']['y'] }}", ['a']],
    ['{{ a if b else c }}', ['a', 'b', 'c']],
    ['{{ xs[i] }}{{ xs[from:to] }}', ['xs', 'i', 'from', 'to']],
    ['{{ a | default(b, boolean=c) }}', ['a', 'b', 'c']],
    ['{{ a is defined }}', ['a']],
    ['${x:-{{ a }}}', ['a']],
    ['{"k":{"v":{{ a }}}}', ['a']],
    ['# use {{ to begin, don’t worry\necho {{ a }}', ['a']],
    ["# use {{ to begin, don't worry\necho {{ a }}", ['a']],
    ['{{ {{ a }} }}', ['a']],
    ['{{ end }}', ['end']],
  ])('finds in %s the names %j', (text, names) => {
    expect(findParameters(text)).toEqual({
      ...nothing,
      names: names.map((name) => ({ name, line: expect.any(Number) })),
    });
  });

  it.each([
    '${#a[@]} ${a} %{http_code} { { a } } {% if x %} {# note #} {%- raw %}',
    'curl -w "%{http_code}" | awk \'{ print $1 }\'',
    '{{ unclosed\n',
    '}} {{',
  ])('sees nothing of its own in %s', (text) => {
    expect(findParameters(text)).toEqual(nothing);
  });

  it.each([
    '{{.Names}}',
    '{{ .State.Health.Status }}',
    '{{ range .Items }}',
    '{{ if .A }}',
    '{{ if (eq a b) }}',
    '{{ len .Args }}',
    '{{ $x := 1 }}',
    '{{ print "a" "b" }}',
    '{{- .Name -}}',
    '{{ else }}',
    '{{}}',
    '{{ }}',
    '{{{ a }}}',
    '{{ a b }}',
    '{{ a, b }}',
    '{{ a | }}',
    '{{ größe }}',
    "{{ don't }}",
    '{{ .A "{{ b }}" }}',
  ])('leaves %s alone and says so', (text) => {
    expect(findParameters(`\n${text}`)).toEqual({ ...nothing, leftAlone: [{ text, line: 2 }] });
  });

  it('leaves the words inside a Go template alone and finds parameters beside it', () => {
    const text = `docker inspect -f '{{range .Mounts}}{{if .RW}}{{.Source}}{{else}}-{{end}}{{"\\n"}}{{end}}' {{ name }} {{ end }}`;
    const found = findParameters(text);
    expect(found.names.map(({ name }) => name)).toEqual(['name', 'end']);
    expect(found.leftAlone.map((piece) => piece.text)).toEqual([
      '{{range .Mounts}}',
      '{{if .RW}}',
      '{{.Source}}',
      '{{else}}',
      '{{end}}',
      '{{"\\n"}}',
      '{{end}}',
    ]);
  });

  it('leaves an expression alone that is too long or too deep, and cuts it for display', () => {
    for (const content of ['a + '.repeat(2000), `${'('.repeat(40)}a${')'.repeat(40)}`, `${'not '.repeat(1001)}a`]) {
      const { names, leftAlone } = findParameters(`{{ ${content} }}`);
      expect(names).toEqual([]);
      expect(leftAlone).toHaveLength(1);
      expect(leftAlone[0]?.text.length).toBeLessThan(202);
    }
  });

  it.each([
    ['{{ range(3) }}', /called/, []],
    ['{{ namespace(x=a) }}', /called/, ['a']],
    ["{{ lookup('env', 'HOME') }}", /called/, []],
    ['{{ a.upper() }}', /attributes|called/, ['a']],
    ['{{ a.b }}', /attributes/, ['a']],
    ['{{ a | nosuch(b) }}', /no filter “nosuch”.*upper/, ['a', 'b']],
    ['{{ a is nosuch }}', /no test/, ['a']],
    ['{{ a | upper(1) }}', /no arguments/, ['a']],
    ['{{ a | join(sep=1) }}', /“join” takes d/, ['a']],
    ["{{ a | replace('x', old='y') }}", /“replace” takes/, ['a']],
    ['{{ a | replace(*b) }}', /unpacked/, ['a', 'b']],
    ['{{- a -}}', /without “-”/, ['a']],
  ])('says what is wrong with %s', (text, message, names) => {
    const found = findParameters(`\n${text}`);
    expect(found.problems).toEqual([{ line: 2, message: expect.stringMatching(message) }]);
    expect(found.names.map(({ name }) => name)).toEqual(names);
  });

  it.each([
    ['openings', '{'.repeat(1_000_000)],
    ['closings', '}'.repeat(1_000_000)],
    ['pairs', '{{}}'.repeat(250_000)],
    ['the same expression', '{{a}}'.repeat(200_000)],
    ['strings that begin', `{{'`.repeat(333_000)],
    ['strings that cross', `{{'{{"`.repeat(166_000)],
    ['escapes', String.raw`{{'{{"\'`.repeat(125_000)],
    ['long blanks', `{{${' '.repeat(4000)}a }}`.repeat(250)],
    ['long blanks in strings', `{{'${' '.repeat(4000)}'}}`.repeat(250)],
    ['deep brackets', `{{${'('.repeat(2000)}}}`.repeat(250)],
    ['long chains', `{{a${'|upper'.repeat(320)}}}`.repeat(250)],
  ])('takes no time for a million characters of %s', (_, text) => {
    const start = performance.now();
    findParameters(text);
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it('refuses a text of more different expressions than any script has', () => {
    const text = Array.from({ length: 10_001 }, (_, at) => `{{ a${at} }}`).join('');
    expect(() => findParameters(text)).toThrow(expect.objectContaining({ code: 'too-large' }));
  });
});
