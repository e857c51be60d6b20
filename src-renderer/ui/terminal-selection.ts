import type { Terminal } from '@xterm/xterm';

/** The selected text without the gutter of each line, wrapped rows joined. */
export function selectedText(terminal: Terminal, gutter: number): string {
  const position = terminal.getSelectionPosition();
  if (!position) {
    return '';
  }
  const { start, end } = position;
  const rows: string[] = [];
  for (let y = start.y; y <= end.y; y += 1) {
    const row = terminal.buffer.active.getLine(y);
    if (!row) {
      continue;
    }
    const from = Math.max(y === start.y ? start.x : 0, row.isWrapped ? 0 : gutter);
    const to = y === end.y ? end.x : terminal.cols;
    const text = row.translateToString(true, from, Math.max(from, to));
    if (row.isWrapped && rows.length > 0) {
      rows[rows.length - 1] += text;
    } else {
      rows.push(text);
    }
  }
  return rows.join('\n');
}
