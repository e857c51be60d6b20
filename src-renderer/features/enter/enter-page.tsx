import { Button } from '@mantine/core';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { GateBox } from '../../app/gate-box.tsx';
import { LinkCommand } from '../../app/signed-out-page.tsx';
import { connection, inBrowser, noteSession } from '../../client/index.ts';
import { exchangeToken, type Exchange } from './exchange-token.ts';

/** One exchange for each token, however often the page is drawn: the link works once. */
const exchanges = new Map<string, Promise<Exchange>>();

function exchangeOnce(token: string): Promise<Exchange> {
  const begun = exchanges.get(token) ?? exchangeToken(token, (url, init) => fetch(url, init));
  exchanges.set(token, begun);
  return begun;
}

/** The token, once it has left the address bar. */
let heldToken: string | undefined;

/** `#/enter/<token>`: the token leaves the address bar, is exchanged for a session, and Quick execute opens. */
export function EnterPage(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { token: shown } = useParams({ strict: false });
  const [tries, setTries] = useState(0);
  const outcome = useExchange(shown, tries);
  const goOn = (): void => {
    connection.check();
    void navigate({ to: '/quick', replace: true });
  };
  if (!inBrowser) {
    return (
      <GateBox title={t('pages.enter')}>
        <p>{t('enter.ownPage')}</p>
        <Button onClick={goOn}>{t('enter.goOn')}</Button>
      </GateBox>
    );
  }
  if (outcome !== 'working' && outcome !== 'entered') {
    const retry = (): void => {
      exchanges.clear();
      setTries(tries + 1);
    };
    return <Refused outcome={outcome} onRetry={retry} onGoOn={goOn} />;
  }
  return (
    <GateBox title={t('enter.working')}>
      <p role="status" className="quiet">
        {t('common.loading')}
      </p>
    </GateBox>
  );
}

function useExchange(shown: string | undefined, tries: number): Exchange | 'working' {
  const navigate = useNavigate();
  const [answer, setAnswer] = useState<{ tries: number; outcome: Exchange } | null>(null);
  useEffect(() => {
    let left = false;
    if (shown !== undefined) {
      heldToken = shown;
      void navigate({ to: '/enter', replace: true });
    }
    const exchange =
      heldToken === undefined || !inBrowser ? Promise.resolve('refused' as const) : exchangeOnce(heldToken);
    void exchange.then((result) => {
      if (left) {
        return;
      }
      setAnswer({ tries, outcome: result });
      if (result === 'entered') {
        heldToken = undefined;
        noteSession();
        connection.check();
        void navigate({ to: '/quick', replace: true });
      }
    });
    return () => {
      left = true;
    };
  }, [shown, tries, navigate]);
  return answer?.tries === tries ? answer.outcome : 'working';
}

const words = {
  refused: { title: 'enter.usedTitle', text: 'enter.usedText' },
  unreachable: { title: 'enter.unreachableTitle', text: 'enter.unreachableText' },
  wait: { title: 'enter.waitTitle', text: 'enter.waitText' },
} as const;

type RefusedProps = { outcome: keyof typeof words; onRetry: () => void; onGoOn: () => void };

function Refused({ outcome, onRetry, onGoOn }: RefusedProps): ReactElement {
  const { t } = useTranslation();
  const { title, text } = words[outcome];
  return (
    <GateBox title={t(title)}>
      <p role="alert">{t(text)}</p>
      <LinkCommand />
      <div className="gate-choices">
        {outcome !== 'refused' && <Button onClick={onRetry}>{t('common.retry')}</Button>}
        {/* Somebody who opened a used link may well be signed in already. */}
        <Button variant="default" onClick={onGoOn}>
          {t('enter.goOn')}
        </Button>
      </div>
    </GateBox>
  );
}
