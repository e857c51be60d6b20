import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostReason, HostRow, Run, Stream } from '#contract/run';
import { isFinal } from '../../client/live-runs.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import { targetName } from '../../ui/target-name.ts';
import { sizeText } from '../../ui/time-text.ts';
import { Duration } from '../../ui/time.tsx';

/** Reasons that say no more than the status, the exit code or the sentence beside them. */
const toldByStatus = new Set<HostReason>(['exit-code', 'cancelled', 'timed-out']);

/** What became of one target: state, exit code, duration, how it was stopped, what is missing. */
export function HostNotes({ host, run }: { host: HostRow | undefined; run: Run | undefined }): ReactElement | null {
  const { t } = useTranslation();
  if (!host || !run) {
    return null;
  }
  const live = !isFinal(run) && host.endedAt === null;
  return (
    <div className="host-notes">
      <strong className="cut">{targetName(host.name)}</strong>
      <StateBadge status={host.status} />
      {host.reason && !toldByStatus.has(host.reason) && <span>{t(`hostReason.${host.reason}`)}</span>}
      <ExitCode host={host} />
      <Duration of={host} ticking={live} />
      {!live && <span className="quiet tabular">{t('output.lines', { count: host.out.lines + host.err.lines })}</span>}
      {host.message !== '' && <span className="host-message">{host.message}</span>}
      {host.stopped && <span>{t('output.stopped', { text: host.stopped })}</span>}
      {host.lateResult && <span>{t('output.lateResult', { text: host.lateResult })}</span>}
      <Omitted host={host} stream="out" />
      <Omitted host={host} stream="err" />
    </div>
  );
}

function ExitCode({ host }: { host: HostRow }): ReactElement | null {
  const { t } = useTranslation();
  if (host.exitCode === null) {
    return null;
  }
  const tone = host.exitCode === 0 ? 'exit exit-ok' : 'exit exit-bad';
  return (
    <span className={tone} aria-label={t('output.exitLabel', { code: host.exitCode })}>
      {t('output.exitCode', { code: host.exitCode })}
    </span>
  );
}

function Omitted({ host, stream }: { host: HostRow; stream: Stream }): ReactElement | null {
  const { t } = useTranslation();
  const { omitted } = host[stream];
  if (omitted === 0) {
    return null;
  }
  const name = t(stream === 'out' ? 'output.onlyOut' : 'output.onlyErr');
  return <span className="host-omitted">{t('output.omitted', { size: sizeText(omitted), stream: name })}</span>;
}
