import { DroverError } from '#contract/errors';
import { Interrupted, type Session } from './session.ts';

/** Somebody is there who may be asked what the command line left open. */
export function mayAsk({ host, json }: Session): boolean {
  return !json && host.terminal?.isInteractive === true;
}

/** A yes or a no; anything but y or yes is a no. */
export async function askYes({ host, status }: Session, question: string): Promise<boolean> {
  status.clear();
  const answer = (await host.terminal?.ask(`${question} [y/N] `)) ?? '';
  return /^y(es)?$/i.test(answer.trim());
}

type Doubt = { readonly question: string; readonly yes: boolean | undefined };

/** True after `--yes` or a yes. Throws DroverError `bad-input` where nobody can be asked, `Interrupted` after a no. */
export async function confirm(session: Session, { question, yes }: Doubt): Promise<void> {
  if (yes) {
    return;
  }
  if (!mayAsk(session)) {
    throw new DroverError('bad-input', 'Nobody is there to confirm this', {
      detail: { remedy: 'Say --yes to do it without being asked.' },
    });
  }
  if (!(await askYes(session, question))) {
    session.notice('nothing was changed');
    throw new Interrupted();
  }
}

/** A secret typed at the terminal. Throws DroverError `bad-input` without one, `Interrupted` after Ctrl-C. */
export async function askSecret({ host, status }: Session, question: string, remedy: string): Promise<string> {
  if (!host.terminal) {
    throw new DroverError('bad-input', 'There is no terminal to ask at', { detail: { remedy } });
  }
  status.clear();
  const answer = await host.terminal.askHidden(question);
  if (answer === null) {
    throw new Interrupted();
  }
  return answer;
}
