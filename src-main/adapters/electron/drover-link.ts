import { isPagePath } from '#contract/pages';

const scheme = /^drover:/i;
const longestLink = 64;

/**
 * The page that a `drover://` link names, such as `drover://runs/12`; undefined for every other text. Nothing of a link
 * is decoded, and nothing but a page's name and a number or an id is ever used of it.
 */
export function pageOfLink(link: string): string | undefined {
  const place =
    link.length <= longestLink ? /^drover:\/\/([a-z]+(?:\/[0-9a-f-]{1,36})?)\/?$/.exec(link)?.[1] : undefined;
  const path = place === undefined ? undefined : `/${place}`;
  return isPagePath(path) ? path : undefined;
}

/** The first argument that claims to be a link of ours, well-formed or not. */
export const linkIn = (argv: readonly string[]): string | undefined => argv.find((argument) => scheme.test(argument));
