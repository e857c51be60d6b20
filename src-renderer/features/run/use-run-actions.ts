import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { DroverError } from '#contract/errors';
import type { RerunChoice, Run } from '#contract/run';
import { liveRuns } from '../../client/index.ts';
import { useAct } from '../../client/use-call.ts';
import { errorWords } from '../../ui/error-text.ts';
import { tell } from '../../ui/tell.ts';

export type RunActions = {
  readonly cancel: () => void;
  /** Begins nothing more; what works comes to its end. */
  readonly halt: () => void;
  readonly kill: () => void;
  readonly rerun: (hosts: RerunChoice) => void;
  readonly isBusy: boolean;
};

type Refusal = 'run.couldNotCancel' | 'stop.couldNotHalt' | 'run.couldNotKill' | 'run.couldNotRerun';

/** What can be done to one run; what is refused is said, with the reason. */
export function useRunActions(no: number): RunActions {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const cancel = useAct('run.cancel');
  const kill = useAct('run.kill');
  const rerun = useAct('run.rerun');
  const refused = (key: Refusal) => (error: DroverError) => {
    const words = errorWords(error, i18n);
    tell({ kind: 'error', title: t(key, { no, what: words.what }), message: `${words.detail} ${words.next}` });
  };
  const took = (run: Run): void => liveRuns.take({ kind: 'run', run });
  return {
    cancel: () => cancel.mutate({ run: no }, { onSuccess: took, onError: refused('run.couldNotCancel') }),
    halt: () =>
      cancel.mutate({ run: no, level: 'waiting' }, { onSuccess: took, onError: refused('stop.couldNotHalt') }),
    kill: () => kill.mutate({ run: no }, { onSuccess: took, onError: refused('run.couldNotKill') }),
    rerun: (hosts) =>
      rerun.mutate(
        { run: no, hosts },
        {
          onSuccess: (started) => void navigate({ to: '/runs/$no', params: { no: String(started.no) } }),
          onError: refused('run.couldNotRerun'),
        },
      ),
    isBusy: cancel.isPending || kill.isPending || rerun.isPending,
  };
}
