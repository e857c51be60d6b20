import { OutputFilter } from '#contract/output-filter';

// oxlint-disable-next-line no-control-regex -- the filter has let no other sequence through
const colours = /\u001b\[[\d;]*m/g;

/**
 * Foreign text as part of one line of the desktop's own: no line breaks, no sequences, no turned reading direction, at
 * most `longest` characters. Its angle brackets are replaced, because some desktops read markup in notifications.
 */
export function plainText(text: string, longest: number): string {
  const filter = new OutputFilter({ overwrite: false });
  // Ten kilobytes of a name are not filtered for the sake of eighty characters.
  const safe = filter.push(text.slice(0, longest * 4).replace(/[\r\n\t]+/g, ' ')) + filter.endLine();
  const plain = safe.replace(colours, '').replaceAll('<', '‹').replaceAll('>', '›').replaceAll(/\s+/g, ' ').trim();
  return plain.length > longest ? `${plain.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : plain;
}
