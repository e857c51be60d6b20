import { config, type z } from 'zod';

if ('document' in globalThis) {
  // A page may not make code of text, and the mere question whether it may would be reported as an attack.
  config({ jitless: true });
}

/** What an actor must be to ask: `public` needs no session, `owner` is whoever can open the control socket or the desktop window. */
export type Role = 'public' | 'viewer' | 'operator' | 'editor' | 'manager' | 'admin' | 'owner';

type Rule = { readonly role: Role };

export type Call<I extends z.ZodType, O extends z.ZodType> = Rule & { kind: 'call'; input: I; output: O };
export type Feed<I extends z.ZodType, O extends z.ZodType> = Rule & { kind: 'feed'; input: I; item: O };
export type Download<I extends z.ZodType> = Rule & { kind: 'download'; input: I };

/** A question with one answer. */
export function call<I extends z.ZodType, O extends z.ZodType>(input: I, output: O, rule: Rule): Call<I, O> {
  return { kind: 'call', input, output, ...rule };
}

/** A stream of numbered items that can be resumed after a number. */
export function feed<I extends z.ZodType, O extends z.ZodType>(input: I, item: O, rule: Rule): Feed<I, O> {
  return { kind: 'feed', input, item, ...rule };
}

/** A stream of bytes with a file name. */
export function download<I extends z.ZodType>(input: I, rule: Rule): Download<I> {
  return { kind: 'download', input, ...rule };
}
