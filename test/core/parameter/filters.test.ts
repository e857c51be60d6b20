import { describe, expect, it } from 'vitest';
import { renderText } from '#core/parameter/render-text';

const values = new Map<string, string | number | boolean | readonly string[]>([
  ['s', ' Größe 😀 '],
  ['empty', ''],
  ['n', 42],
  ['f', 3.9],
  ['yes', true],
  ['l', ['b', "it's", '']],
  ['none_left', []],
]);

const render = (expression: string) => renderText(`{{ ${expression} }}`, values);

describe('filters', () => {
  it.each([
    ['s | default("x")', ' Größe 😀 '],
    ['empty | default("x")', ''],
    ['empty | default("x", true)', 'x'],
    ['empty | default(default_value="x", boolean=true)', 'x'],
    ['none_left | default("x", boolean=true)', 'x'],
    ['l[7] | default(n)', '42'],
    ['none | default', ''],
    ['s | upper', ' GRÖSSE 😀 '],
    ['s | lower', ' größe 😀 '],
    ['yes | upper', 'TRUE'],
    ['s | trim', 'Größe 😀'],
    ['"--a-b--" | trim("-")', 'a-b'],
    ['"----" | trim(chars="-")', ''],
    ['l | join', "bit's"],
    ['l | join(", ")', "b, it's, "],
    ['l | join(d="/")', "b/it's/"],
    ['"abc" | join("-")', 'a-b-c'],
    ['"a.b.c" | replace(".", "$&")', 'a$&b$&c'],
    ['"a.b.c" | replace(".", "-", 1)', 'a-b.c'],
    ['"a.b.c" | replace(".", "-", count=0)', 'a.b.c'],
    ['"a.b.c" | replace("x", "-")', 'a.b.c'],
    ['n | replace(4, "x")', 'x2'],
    ['"it\'s" | quote', String.raw`'it'\''s'`],
    ['empty | quote', "''"],
    ['n | quote', "'42'"],
    ['l | quote', String.raw`'b' 'it'\''s' ''`],
    ['l | tojson', `["b", "it's", ""]`],
    ['{"k": [n, f, yes, none]} | tojson', '{"k": [42, 3.9, true, null]}'],
    ['s | trim | tojson', '"Größe 😀"'],
    ['s | b64encode', Buffer.from(' Größe 😀 ').toString('base64')],
    ['s | b64encode | b64decode', ' Größe 😀 '],
    ['"77u/YQ==" | b64decode', '\ufeffa'],
    ['" 12 " | int', '12'],
    ['"12x" | int', '0'],
    ['"12x" | int(5)', '5'],
    ['"-3.9" | int + 1', '-2'],
    ['f | int', '3'],
    ['yes | int', '1'],
    ['s | length', '9'],
    ['l | length', '3'],
    ['{"a": 1} | length', '1'],
    ['l | first', 'b'],
    ['l | last', ''],
    ['"😀b" | first', '😀'],
    ['none_left | first | default("x")', 'x'],
    ['none_left | last', ''],
    ['l | first | upper ~ "!"', 'B!'],
  ])('%s gives %j', (expression, expected) => {
    expect(render(expression)).toBe(expected);
  });

  it('encodes a long text without overflowing', () => {
    const long = 'é'.repeat(500_000);
    const encoded = renderText('{{ a | b64encode }}', new Map([['a', long]]));
    expect(Buffer.from(encoded, 'base64').toString()).toBe(long);
  });

  it.each([
    ['n | length', 'needs a text or a list'],
    ['n | first', 'needs a text or a list'],
    ['yes | join', 'needs a text or a list'],
    ['"%" | b64decode', 'not Base64'],
    ['"/w==" | b64decode', 'not Base64'],
    [String.raw`"\x00" | quote`, 'NUL'],
    ['s | replace("", "x")', 'a text to look for'],
    ['s | replace("a", "x", "y")', 'a number'],
    ['"99999999999999999999" | int', 'too large'],
  ])('%s is refused because it %s', (expression, reason) => {
    expect(() => render(expression)).toThrow(
      expect.objectContaining({ code: 'bad-parameter', message: expect.stringContaining(reason) }),
    );
  });
});
