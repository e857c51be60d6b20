import { randomBytes } from 'node:crypto';

/** Secrets by what they are planted as. */
export function canariesFor<N extends string>(names: readonly N[]): Record<N, string> {
  const made = names.map((name, at) => [name, `cnry${at}/${randomBytes(9).toString('hex')}+ö=&${at}`] as const);
  return Object.fromEntries(made) as Record<N, string>;
}

const withoutEdges = (text: string): string => text.replace(/=+$/, '').slice(2, -2);

/** A secret as programs write it: plain, in JSON, in addresses, in base64 at each of its three places, in hexadecimal. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((before) =>
    withoutEdges(Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')).slice(before === 0 ? 0 : 2),
  );
  const hex = bytes.toString('hex');
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    encodeURI(secret),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    hex,
    hex.toUpperCase(),
    bytes.toString('latin1'),
  ];
}

/** Which secrets stand in a text or in bytes, in whatever form. */
export function foundIn(content: string | Buffer, canaries: Readonly<Record<string, string>>): string[] {
  const bytes = Buffer.from(content);
  return Object.entries(canaries).flatMap(([name, secret]) => {
    const form = formsOf(secret).find((one) => bytes.includes(one));
    return form === undefined ? [] : [`${name} as ${form}`];
  });
}
