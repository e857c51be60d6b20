import { decodeEscapes } from '../shell/expand-operation.ts';
import { isUnknown, withoutGlobs } from '../marks.ts';

/** What `echo` prints. */
export function echoed(args: readonly string[]): string {
  let at = 0;
  let escapes = false;
  let ends = true;
  while (/^-[neE]+$/.test(args[at] ?? '')) {
    const letters = args[at] ?? '';
    escapes = letters.includes('e') || (escapes && !letters.includes('E'));
    ends &&= !letters.includes('n');
    at += 1;
  }
  const text = args.slice(at).map(withoutGlobsUnlessPath).join(' ');
  return `${escapes ? decodeEscapes(text).replace(/\\c.*$/s, '') : text}${ends ? '\n' : ''}`;
}

/** `echo /*` prints the names it finds. */
function withoutGlobsUnlessPath(word: string): string {
  return word.startsWith('/') ? word : withoutGlobs(word);
}

const percent = /%(?:%|[-+ #0]*(\*|\d+)?(?:\.(\d+))?[lhjztL]*([a-zA-Z]|\([^)]*\)T))/g;

/** What `printf` prints; the format is used again until all values are. */
export function formatted([format = '', ...values]: readonly string[]): string {
  const rest = [...values];
  let out = '';
  const source = decodeEscapes(format.replaceAll('\\0', '\0').replaceAll('\0', '\\000')).replaceAll('\\c', '');
  for (let round = 0; round < 64 && (round === 0 || rest.length > 0); round += 1) {
    const before = rest.length;
    out += source.replace(percent, (...found: (string | undefined)[]) => {
      const [whole, width, precision, kind = 's'] = found;
      if (whole === '%%') {
        return '%';
      }
      if (width === '*') {
        rest.shift();
      }
      return converted(rest.shift() ?? '', { kind, width, precision });
    });
    if (rest.length === before) {
      break;
    }
  }
  return out;
}

type Conversion = { readonly kind: string; readonly width: string | undefined; readonly precision: string | undefined };

function converted(value: string, { kind, width, precision }: Conversion): string {
  if (isUnknown(value)) {
    return value;
  }
  const text = textOf(value, kind);
  const cut = precision !== undefined && 'sb'.includes(kind) ? text.slice(0, Number(precision)) : text;
  return cut.padStart(Math.min(Number(width ?? 0) || 0, 1_000));
}

const wholeNumber = (value: string): number =>
  Number.parseInt(value, value.toLowerCase().startsWith('0x') ? 16 : 10) || 0;

const kinds: Readonly<Record<string, (value: string) => string>> = {
  b: decodeEscapes,
  c: (value) => value.slice(0, 1),
  d: (value) => String(wholeNumber(value)),
  i: (value) => String(wholeNumber(value)),
  u: (value) => String(wholeNumber(value)),
  x: (value) => wholeNumber(value).toString(16),
  X: (value) => wholeNumber(value).toString(16).toUpperCase(),
  o: (value) => wholeNumber(value).toString(8),
};

function textOf(value: string, kind: string): string {
  const convert = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  return convert ? convert(value) : withoutGlobs(value);
}
