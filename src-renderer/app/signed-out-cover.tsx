import { type ReactElement, useEffect, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { SignedOutPage } from './signed-out-page.tsx';

/**
 * Stands before the page when its session has ended. The page behind stays as it is, with all that was typed, and goes
 * on when somebody has signed in again, in this tab or another.
 */
export function SignedOutCover(): ReactElement {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    return () => {
      // After the page has become reachable again.
      requestAnimationFrame(() => before instanceof HTMLElement && before.isConnected && before.focus());
    };
  }, []);
  useEffect(() => box.current?.focus(), []);
  return (
    <div
      ref={box}
      className="signed-out"
      role="dialog"
      aria-modal="true"
      aria-label={t('signedOut.title')}
      tabIndex={-1}
    >
      <SignedOutPage />
    </div>
  );
}
