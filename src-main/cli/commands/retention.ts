import type { Command } from 'commander';
import type { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import type { PurgeOutlook, SweepState } from '#contract/retention';
import { jsonLine } from '../json-line.ts';
import type { Session } from '../session.ts';
import { bytesText, plural, timeText } from '../wording.ts';
import { dataOption, jsonOption } from './shared-options.ts';

type Flags = { readonly dryRun?: boolean; readonly data?: string; readonly json?: boolean };

const after = `
The rules are the settings retention.outputDays, retention.outputRuns and retention.outputBytes. A run keeps its record for
ever: who ran what where, when and how it ended, with the digest of what was written. Live runs, and by number and size also
those of the last hour, keep their output. Ctrl-C ends the removal; what is removed stays so.

Examples:
  drover retention --dry-run
  drover settings set retention.outputDays 90
  drover retention`;

export function addRetention(program: Command, session: Session): void {
  program
    .command('retention')
    .summary('remove the output of old runs by the rules')
    .description('Says which output the rules remove now, and removes it; the engine does the same every hour.')
    .option('--dry-run', 'only say what would go')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async ({ dryRun = false, data, json }: Flags) => {
      session.exitCode = await session.withEngine({ data }, async ({ client }, signal) => {
        const outlook = await client.call('retention.preview', {});
        session.out.write(json ? jsonLine({ kind: 'outlook', ...outlook }) : outlookText(outlook));
        if (dryRun || countOf(outlook.removes.byRule) === 0) {
          return 0;
        }
        const ended = await sweep(session, client, signal);
        if (ended.problem !== null) {
          throw new DroverError('internal', `The removal could not go on: ${ended.problem}`);
        }
        session.out.write(json ? jsonLine({ kind: 'sweep', ...ended.last }) : endText(ended));
        return 0;
      });
    });
}

type ByRule = PurgeOutlook['removes']['byRule'];

const countOf = ({ age, count, bytes }: ByRule): number => age + count + bytes;

const lookMs = 100;

/** Until it has ended; an interrupt ends it. */
async function sweep(session: Session, client: DroverClient, signal: AbortSignal): Promise<SweepState> {
  const stop = (): void => void client.call('retention.stop', {}).catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  let state = await client.call('retention.sweep', {});
  while (state.running) {
    const { runs, of, bytes } = state.running;
    session.status.show(`${runs} of ${of ?? '?'} runs, ${bytesText(bytes)}`);
    await new Promise<void>((resolve) => void session.host.clock.after(lookMs, resolve));
    state = await client.call('retention.state', {});
  }
  session.status.clear();
  return state;
}

function outlookText({ rules, kept, removes, oldest }: PurgeOutlook): string {
  const bounds = [
    rules.days > 0 ? plural(rules.days, 'day') : '',
    rules.runs > 0 ? plural(rules.runs, 'run') : '',
    rules.bytes > 0 ? bytesText(rules.bytes) : '',
  ].filter((bound) => bound !== '');
  const lines = [
    `Rules     ${bounds.length === 0 ? 'none: all output is kept' : bounds.join(', ')}`,
    `Kept      ${plural(kept.runs, 'run')} with ${bytesText(kept.bytes)} of output`,
    `To remove ${removedText(removes)}`,
    ...oldest.map(
      ({ no, endedAt, bytes, rule }) => `  #${no}, ended ${timeText(endedAt)}, ${bytesText(bytes)}, by ${rule}`,
    ),
  ];
  const more = countOf(removes.byRule) - oldest.length;
  return `${[...lines, ...(more > 0 ? [`  and ${plural(more, 'newer run')}`] : [])].join('\n')}\n`;
}

function removedText({ byRule, bytes }: Pick<PurgeOutlook['removes'], 'byRule' | 'bytes'>): string {
  const parts = (['age', 'count', 'bytes'] as const)
    .filter((rule) => byRule[rule] > 0)
    .map((rule) => `${byRule[rule]} by ${rule}`);
  const runs = countOf(byRule);
  return runs === 0 ? 'nothing' : `the output of ${plural(runs, 'run')} (${parts.join(', ')}), ${bytesText(bytes)}`;
}

const endText = ({ last }: SweepState): string =>
  last ? `Removed   ${removedText(last)}${last.stopped ? '; stopped before all was done' : ''}\n` : '';
