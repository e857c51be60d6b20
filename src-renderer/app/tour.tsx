import { Button } from '@mantine/core';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { type ReactElement, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRunChanges } from '../client/use-run-changes.ts';
import { KeyHint } from '../ui/key-hint.tsx';
import { endTour, goToStep, type TourStep, tourSteps } from './tour-store.ts';
import './tour.css';

/** What each step is about, on the page of Quick execute. */
const places: Record<TourStep, string> = {
  target: '.target-picker',
  type: '.code-editor',
  run: '.run-bar',
  watch: '.quick-output',
};

/** Four steps to a first run on this machine, in a strip above the page: it hides nothing and takes no key from it. */
export function Tour({ step }: { step: TourStep }): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const onQuick = useRouterState({ select: (state) => state.location.pathname === '/quick' });
  const strip = useRef<HTMLElement>(null);
  const at = tourSteps.indexOf(step);
  useEffect(() => {
    void navigate({ to: '/quick' });
    strip.current?.focus();
  }, [navigate]);
  useRunChanges((changed) => {
    // The run itself goes on to the last step.
    if (step === 'run' && changed.kind === 'run') {
      goToStep('watch');
    }
  });
  return (
    <section className="tour" ref={strip} tabIndex={-1} aria-label={t('tour.label')}>
      <p role="status">
        <strong className="tabular">{t('tour.step', { at: at + 1, of: tourSteps.length })}</strong>
        <span>{t(`tour.${step}`)}</span>
        {step === 'run' && <KeyHint keys="mod+enter" quiet />}
      </p>
      <Buttons at={at} />
      {onQuick && <Spot of={places[step]} />}
    </section>
  );
}

function Buttons({ at }: { at: number }): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [before, after] = [tourSteps[at - 1], tourSteps[at + 1]];
  return (
    <span className="tour-buttons">
      {before && (
        <Button variant="default" size="compact-xs" onClick={() => goToStep(before)}>
          {t('tour.back')}
        </Button>
      )}
      {after ? (
        <Button size="compact-xs" onClick={() => goToStep(after)}>
          {t('tour.next')}
        </Button>
      ) : (
        <Button
          size="compact-xs"
          onClick={() => {
            endTour();
            void navigate({ to: '/runs' });
          }}
        >
          {t('tour.toRuns')}
        </Button>
      )}
      <Button variant="subtle" color="gray" size="compact-xs" onClick={endTour}>
        {after ? t('tour.skip') : t('tour.end')}
      </Button>
    </span>
  );
}

/** A ring around a part of the page, wherever it stands. */
function Spot({ of }: { of: string }): ReactElement | null {
  const [box, setBox] = useState<DOMRect | null>(null);
  useEffect(() => {
    let frame = 0;
    const look = (): void => {
      const next = document.querySelector(of)?.getBoundingClientRect() ?? null;
      setBox((known) => (JSON.stringify(known) === JSON.stringify(next) ? known : next));
      frame = requestAnimationFrame(look);
    };
    look();
    return () => cancelAnimationFrame(frame);
  }, [of]);
  return (
    box && (
      <div
        className="tour-spot"
        aria-hidden="true"
        style={{ left: box.left, top: box.top, width: box.width, height: box.height }}
      />
    )
  );
}
