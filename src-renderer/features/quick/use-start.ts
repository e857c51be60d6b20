import { useRef, useState } from 'react';
import { DroverError } from '#contract/errors';
import { client } from '../../client/index.ts';
import { type AskedStart, askCard } from './ask-card.ts';
import { draftProblem } from './draft.ts';
import { type PlanChange, planChange } from './plan-change.ts';
import { loginOf } from './run-secrets.ts';
import type { DraftStore } from './use-draft.ts';
import type { SecretStore } from './use-secrets.ts';

/** A second press for the very same within this time was meant for the first start. */
const doublePressMs = 600;

const doublePressEnd = (): number => performance.now() + doublePressMs;

/** A card that waits for a yes. */
export type ShownCard = {
  readonly asked: AskedStart;
  /** What has become different since the operator said yes to an earlier one. */
  readonly changed: PlanChange | null;
};

export type Starting = {
  /** Asks what a start would touch: one target starts at once, more of them get a card. */
  readonly start: () => void;
  readonly isStarting: boolean;
  readonly error: DroverError | null;
  readonly card: ShownCard | null;
  /** Starts what the card shows, once. */
  readonly confirm: () => void;
  readonly dismiss: () => void;
  /** Asks again, for a draft that was changed on the card. */
  readonly refresh: () => void;
};

type Parts = { readonly store: DraftStore; readonly secrets: SecretStore; readonly onStarted: (no: number) => void };

/** Starts what stands in the form; while a start is on its way further presses do nothing. */
export function useStart({ store, secrets, onStarted }: Parts): Starting {
  const [card, setCard] = useState<ShownCard | null>(null);
  const [error, setError] = useState<DroverError | null>(null);
  const { busy, isBusy } = useBusy(setError);
  const last = useRef({ request: '', until: 0 });
  const ask = async (before: AskedStart | null): Promise<void> => {
    const asked = await askCard(store.current, secrets.current.secrets);
    if (before === null && asked.targets.total === 1) {
      await begin(asked);
      return;
    }
    setCard({ asked, changed: before && changeOf(before, asked) });
  };
  const begin = async (asked: AskedStart): Promise<void> => {
    const { planSha256, textSha256 } = asked.card;
    const login = loginOf(asked.draft, secrets.current.secrets);
    try {
      const expect = { planSha256, textSha256 };
      const { no } = await client.call('run.start', { ...asked.request, ...(login && { login }), expect });
      last.current = { request: JSON.stringify(asked.draft), until: doublePressEnd() };
      secrets.spend();
      setCard(null);
      onStarted(no);
    } catch (failure) {
      if (!(failure instanceof DroverError) || failure.code !== 'changed-meanwhile') {
        throw failure;
      }
      await ask(asked);
    }
  };
  const isDoublePress = (): boolean =>
    JSON.stringify(store.current) === last.current.request && performance.now() < last.current.until;
  return {
    start: () => {
      if (card === null && draftProblem(store.current) === null && !isDoublePress()) {
        busy(() => ask(null));
      }
    },
    confirm: () => card && busy(() => begin(card.asked)),
    refresh: () => busy(() => refreshed()),
    dismiss: () => setCard(null),
    isStarting: isBusy,
    error,
    card,
  };

  async function refreshed(): Promise<void> {
    const asked = await askCard(store.current, secrets.current.secrets);
    setCard({ asked, changed: null });
  }
}

const changeOf = (before: AskedStart, now: AskedStart): PlanChange =>
  planChange({ total: before.targets.total, rows: before.rows }, { total: now.targets.total, rows: now.rows });

/** Does one thing at a time; what is asked for meanwhile is not done. */
function useBusy(setError: (error: DroverError | null) => void): {
  busy: (act: () => Promise<void>) => void;
  isBusy: boolean;
} {
  const [isBusy, setBusy] = useState(false);
  const atWork = useRef(false);
  const work = async (act: () => Promise<void>): Promise<void> => {
    try {
      setError(null);
      await act();
    } catch (failure) {
      if (!(failure instanceof DroverError)) {
        throw failure;
      }
      setError(failure);
    } finally {
      atWork.current = false;
      setBusy(false);
    }
  };
  return {
    isBusy,
    busy: (act) => {
      if (!atWork.current) {
        atWork.current = true;
        setBusy(true);
        void work(act);
      }
    },
  };
}
