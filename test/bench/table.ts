import { type Figure, isMissed } from './figure.ts';

const columns = ['', 'median', 'bar', 'least–most', 'CPU', 'ratio'] as const;

/** The figures as lines of text, one a figure. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = [columns, ...figures.map(rowOf)];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) => row.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

function rowOf(figure: Figure): string[] {
  const { name, unit, values, median, bar, pace, cpuMs, peer } = figure;
  const verdict = bar === null ? '' : `${isMissed(figure) ? 'MISSED' : 'ok'} ≤ ${bar}${pace === 1 ? '' : ` × ${pace}`}`;
  return [
    name,
    `${short(median)} ${unit}`,
    verdict,
    `${short(Math.min(...values))}–${short(Math.max(...values))} (${values.length})`,
    cpuMs === null ? '' : `${short(cpuMs)} ms`,
    peer ? `${peer.ratio} × ${peer.name} (${short(peer.median)})` : '',
  ];
}

const short = (value: number): string => value.toFixed(value < 100 ? 1 : 0);

/** Words begin at the left, figures end at the right. */
const pad = (cell: string, width: number, column: number): string =>
  column === 0 || column === columns.length - 1 ? cell.padEnd(width) : cell.padStart(width);
