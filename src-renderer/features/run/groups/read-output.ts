import type { DroverClient } from '#contract/client';
import type { OutputLine } from '#contract/run';
import type { GroupStream } from '#contract/run-groups';
import { plainText } from '../../../ui/terminal-lines.ts';

/** What is compared of each target; a browser takes long for more. */
export const mostLines = 20_000;
export const mostCharacters = 2_000_000;

type Place = { readonly run: number; readonly host: number; readonly stream: GroupStream };

export type ReadOutput = { readonly text: string; readonly cut: boolean };

/** The beginning of one target's output as text. Throws DroverError. */
export async function readOutput(client: DroverClient, { run, host, stream }: Place): Promise<ReadOutput> {
  const lines: OutputLine[] = [];
  let characters = 0;
  for (let [after, more] = [0, true]; more;) {
    const page = await client.call('run.lines', {
      run,
      host,
      ...(stream !== 'both' && { stream }),
      after,
      limit: 5_000,
    });
    for (const line of page.lines) {
      characters += line.text.length;
      if (lines.length === mostLines || characters > mostCharacters) {
        return { text: plainText(lines), cut: true };
      }
      lines.push(line);
      after = line.seq;
    }
    more = page.more && page.lines.length > 0;
  }
  return { text: plainText(lines), cut: false };
}
