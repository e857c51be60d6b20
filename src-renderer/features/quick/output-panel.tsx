import { Button } from '@mantine/core';
import { IconExternalLink, IconPencil, IconPlayerStop, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type ReactElement, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '#contract';
import type { DroverError } from '#contract/errors';
import type { Run, RunPhase } from '#contract/run';
import { isFinal } from '../../client/live-runs.ts';
import { useRun } from '../../client/use-run.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { Duration } from '../../ui/time.tsx';
import { HostKeyQuestion } from '../run/host-key-question.tsx';
import { OutputPane } from '../run/output-pane.tsx';
import { ResultLine } from './result-line.tsx';

type OutputPanelProps = {
  no: number;
  stopError: DroverError | null;
  /** What was typed for the next start. */
  login: () => InputOf<'run.rerun'>['login'];
  onStop: () => void;
  onClose: () => void;
  onEdit: () => void;
  /** Another run takes this one's place. */
  onStarted: (no: number) => void;
};

const glyph = { size: 15, stroke: 1.6, 'aria-hidden': true } as const;

/** Output of the run that was started last, beside or below the editor. */
export function OutputPanel(props: OutputPanelProps): ReactElement {
  const { no, login, onStarted } = props;
  const { t } = useTranslation();
  const { run, hosts, error } = useRun(no);
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' });
  }, [no]);
  const hasEnded = run !== undefined && isFinal(run);
  const hasResult = hasEnded && run.counts.total > 1;
  return (
    <section className="quick-output" ref={box} aria-label={t('quick.outputTitle', { no })}>
      <OutputHead {...props} run={run} />
      {run && !hasResult && run.reason !== '' && !isToldByTarget(run) && <p className="run-reason">{run.reason}</p>}
      {hasResult && <ResultLine key={no} {...{ run, login, onStarted }} />}
      {hasEnded && <HostKeyQuestion key={`keys ${no}`} {...{ run, hosts, login, onStarted }} />}
      {props.stopError && <ErrorNotice error={props.stopError} />}
      {error && <ErrorNotice error={error} />}
      <OutputPane no={no} run={run} hosts={hosts} />
    </section>
  );
}

function OutputHead({ no, run, onStop, onEdit, onClose }: OutputPanelProps & { run: Run | undefined }): ReactElement {
  const { t } = useTranslation();
  const stoppable = run?.status === 'pending' || run?.status === 'running';
  return (
    <div className="quick-output-head">
      <Link
        to="/runs/$no"
        params={{ no: String(no) }}
        className="run-number tabular"
        title={t('quick.openRun', { no })}
      >
        {`#${no}`}
        <IconExternalLink size={13} stroke={1.6} aria-hidden="true" />
      </Link>
      <span role="status">{run && <StateBadge status={run.status} />}</span>
      {run && <Duration of={run} ticking={!isFinal(run)} />}
      <span className="quick-output-actions">
        {stoppable && (
          <Button
            variant="default"
            leftSection={<IconPlayerStop {...glyph} />}
            title={t('run.cancelHint')}
            onClick={onStop}
          >
            {t('run.cancel')}
            <span className="run-keys">
              <KeyHint keys="f9" quiet />
            </span>
          </Button>
        )}
        <Button variant="default" leftSection={<IconPencil {...glyph} />} onClick={onEdit}>
          {t('quick.editAgain')}
        </Button>
        <IconButton label={t('quick.closeOutput')} onClick={onClose}>
          <IconX {...glyph} />
        </IconButton>
      </span>
    </div>
  );
}

const toldPhases = new Set<RunPhase>(['ok', 'task_failed', 'task_limit', 'by_user', 'by_api']);

/** With one target its own line says all that the run's reason would. */
const isToldByTarget = (run: Run): boolean => run.counts.total === 1 && toldPhases.has(run.phase);
