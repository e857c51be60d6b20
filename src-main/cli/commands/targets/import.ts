import { type Command, Option } from 'commander';
import type { InputOf, OutputOf } from '#contract';
import type { DroverClient } from '#contract/client';
import { type ImportRow, importFormats } from '#contract/target';
import { askYes, mayAsk } from '../../ask-person.ts';
import { inputText } from '../../input-text.ts';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';
import { tableLines } from '../../table.ts';
import { addTargetOptions, targetFields, type TargetFlags } from '../../target-options.ts';
import { plainLine } from '../../terminal-safe.ts';
import { plural } from '../../wording.ts';
import { dataOption, jsonOption, yesOption } from '../shared-options.ts';

type Result = OutputOf<'target.import'>;
type Flags = TargetFlags & {
  readonly format?: (typeof importFormats)[number];
  readonly apply?: boolean;
  readonly yes?: boolean;
  readonly data?: string;
  readonly json?: boolean;
};

const after = `
Shows what would be written and asks; without a terminal nothing is written unless --apply says so. The other options
are given to every target that says nothing of its own.

Examples:
  drover targets import ~/.ssh/config
  drover targets import inventory.ini --format ansible-ini --tag imported
  printf '10.0.0.[1-20]\\n' | drover targets import - --user ada --apply`;

export function addTargetsImport(group: Command, session: Session): void {
  const command = group
    .command('import')
    .summary('save the targets of a list, an SSH configuration or an inventory')
    .description('Saves the targets of a list of addresses, an SSH configuration or an Ansible inventory.')
    .argument('<file>', '- is stdin')
    .addOption(new Option('--format <format>', 'what the file is (default: auto)').choices(importFormats))
    .option('--apply', 'write without being asked')
    .addOption(yesOption());
  addTargetOptions(command)
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (file: string, flags: Flags) => {
      const text = await inputText(file, session.host);
      session.exitCode = await session.withEngine({ data: flags.data }, ({ client }) =>
        importTargets(session, client, { text, flags }),
      );
    });
}

type Wanted = { readonly text: string; readonly flags: Flags };

async function importTargets(session: Session, client: DroverClient, { text, flags }: Wanted): Promise<number> {
  const request: InputOf<'target.import'> = {
    text,
    ...(flags.format && { format: flags.format }),
    defaults: await targetFields(client, flags),
  };
  if (flags.apply || flags.yes) {
    const result = await client.call('target.import', { ...request, apply: true });
    show(session, result, flags);
    return written(session, result, flags);
  }
  const preview = await client.call('target.import', request);
  show(session, preview, flags);
  const count = toWrite(preview);
  if (count === 0) {
    session.notice('there is nothing to write');
    return 0;
  }
  if (mayAsk(session) && (await askYes(session, `Write ${plural(count, 'target')} now?`))) {
    return written(session, await client.call('target.import', { ...request, apply: true }), flags);
  }
  session.notice('nothing was written; --apply writes it');
  return 0;
}

function toWrite({ rows }: Result): number {
  return rows.filter(({ kind }) => kind === 'new' || kind === 'changed').length;
}

function show(session: Session, { rows, notes, format, written: count }: Result, { json }: Flags): void {
  if (json) {
    session.out.write(rows.map(jsonLine).join('') + jsonLine({ kind: 'end', format, notes, written: count }));
    return;
  }
  const told = rows.filter(({ kind }) => kind !== 'same');
  const cells = told.map((row) => [
    { text: row.kind },
    { text: row.line > 0 ? String(row.line) : '' },
    { text: plainLine(row.name) },
    { text: plainLine(row.address) },
    { text: row.user ?? '' },
    { text: row.become ?? '' },
    { text: plainLine(row.message) },
  ]);
  if (cells.length > 0) {
    const head = ['WHAT', 'LINE', 'NAME', 'ADDRESS', 'USER', 'SUDO', 'WHY'];
    session.out.write(`${tableLines(cells, { head, columns: session.out.columns }).join('\n')}\n`);
  }
  session.out.write(`${countsOf(rows)} (${format})\n`);
  for (const note of notes) {
    session.notice(plainLine(note));
  }
}

/** `12 new, 1 changed, 3 same` */
function countsOf(rows: readonly ImportRow[]): string {
  const kinds = ['new', 'changed', 'same', 'invalid'] as const;
  const parts = kinds
    .map((kind) => ({ kind, count: rows.filter((row) => row.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${kind}`);
  return parts.length > 0 ? parts.join(', ') : 'no targets';
}

/** 1 when something in the file could not be taken. */
function written(session: Session, result: Result, { json }: Flags): number {
  if (!json) {
    session.out.write(`${plural(result.written, 'target')} written\n`);
  }
  return result.rows.some(({ kind }) => kind === 'invalid') ? 1 : 0;
}
