import type { Command } from 'commander';
import type { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import type { TargetTest } from '#contract/target';
import { findTargets } from '../../find-targets.ts';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';
import { type Cell, tableLines } from '../../table.ts';
import { plainLine } from '../../terminal-safe.ts';
import { durationText, plural, reasonText, statusPaint } from '../../wording.ts';
import { dataOption, jsonOption } from '../shared-options.ts';

type Flags = { readonly data?: string; readonly json?: boolean };

/** So many at a time that a slow one holds back few others and progress is seen. */
const chunkSize = 16;

const after = `
Logs in and out again; nothing is run. Exits 1 when a target did not answer.

Examples:
  drover targets test
  drover targets test 'tag:web !tag:canary'`;

export function addTargetsTest(group: Command, session: Session): void {
  group
    .command('test')
    .summary('try to log in to targets')
    .description('Tries to log in to the targets that a selector finds, or to all.')
    .argument('[selector]', "such as web1 or tag:web; '*' is all", '*')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (selector: string, flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }, signal) => {
        const tests = await testAll(session, client, { selector, flags, signal });
        if (!flags.json) {
          showTable(session, tests);
        }
        return tests.every(({ ok }) => ok) ? 0 : 1;
      });
    });
}

type Wanted = { readonly selector: string; readonly flags: Flags; readonly signal: AbortSignal };

async function testAll(
  session: Session,
  client: DroverClient,
  { selector, flags, signal }: Wanted,
): Promise<TargetTest[]> {
  const found = await findTargets(client, selector);
  // As a run would: who is under maintenance is found by its own name.
  const awake = found.filter(({ maintenance, name }) => !maintenance || name === selector);
  const ids = awake.map(({ id }) => id);
  if (awake.length < found.length) {
    session.notice(
      `${plural(found.length - awake.length, 'target')} under maintenance left out; give a name to test one`,
    );
  }
  if (ids.length === 0) {
    throw new DroverError('no-targets', `No target is found by ${plainLine(selector)}`, {
      detail: { remedy: 'drover targets ls shows which there are.' },
    });
  }
  const done: TargetTest[] = [];
  for (let from = 0; from < ids.length && !signal.aborted; from += chunkSize) {
    const failed = done.filter(({ ok }) => !ok).length;
    session.status.show(`${done.length}/${ids.length} tested${failed > 0 ? `, ${failed} failed` : ''}`);
    const { tests } = await client.call('target.test', { ids: ids.slice(from, from + chunkSize) });
    if (flags.json) {
      session.out.write(tests.map(jsonLine).join(''));
    }
    done.push(...tests);
  }
  session.status.clear();
  return done;
}

function showTable(session: Session, tests: readonly TargetTest[]): void {
  const colours = session.out.hasColours;
  const rows = tests.map((test): Cell[] => [
    { text: plainLine(test.name) },
    { text: plainLine(test.address) },
    {
      text: test.ok ? '● reached' : `▲ ${test.reason ? reasonText(test.reason) : 'not reached'}`,
      paint: statusPaint(test.ok ? 'success' : 'failed', { colours }),
    },
    { text: durationText(test.durationMs) },
    { text: plainLine(test.message) },
  ]);
  const head = ['NAME', 'ADDRESS', 'RESULT', 'TOOK', 'WHY'];
  const failed = tests.filter(({ ok }) => !ok).length;
  const lines = tableLines(rows, { head, columns: session.out.columns });
  session.out.write(`${lines.join('\n')}\n`);
  session.notice(`${plural(tests.length, 'target')} tested, ${failed} failed`);
}
