import { OutputFilter } from '#contract/output-filter';

export const resetStyle = '\u001b[0m';

// oxlint-disable-next-line no-control-regex -- the filter has let no other sequence through
const colours = /\u001b\[[\d;]*m/g;

/** Foreign text as part of one line of ours: no line breaks, no sequences, no colours, no turned reading direction. */
export function plainLine(text: string): string {
  const filter = new OutputFilter({ overwrite: false });
  const safe = filter.push(text.replace(/[\r\n\t]+/g, ' ')) + filter.endLine();
  return safe.replace(colours, '');
}

/** Foreign text of several lines between ours: its colours end with it. */
export function safeText(text: string): string {
  const filter = new OutputFilter({ overwrite: false });
  const safe = filter.push(text) + filter.endLine();
  return filter.colours === '' ? safe : `${safe}${resetStyle}`;
}
