import { IconCopy } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostRow, Run, Stream } from '#contract/run';
import { isFinal } from '../../client/live-runs.ts';
import { useConnection } from '../../client/use-connection.ts';
import { copyText } from '../../ui/copy-text.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { targetName } from '../../ui/target-name.ts';
import { sizeText } from '../../ui/time-text.ts';
import { Duration } from '../../ui/time.tsx';
import { remedyOf } from './copy-as.ts';
import { shownStatus, toldByStatus } from './shown-status.ts';

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
      <StateBadge status={shownStatus(host.status, run)} />
      {host.reason && !toldByStatus.has(host.reason) && <span>{t(`hostReason.${host.reason}`)}</span>}
      <ExitCode host={host} />
      <Duration of={host} ticking={live} />
      {!live && <span className="quiet tabular">{t('output.lines', { count: host.out.lines + host.err.lines })}</span>}
      {host.stopped && <span>{t('output.stopped', { text: host.stopped })}</span>}
      {host.lateResult && <span>{t('output.lateResult', { text: host.lateResult })}</span>}
      <Omitted host={host} stream="out" />
      <Omitted host={host} stream="err" />
      {host.message !== '' && <Message host={host} />}
    </div>
  );
}

/** What the engine says of a target, whole, and the command that mends it where it names one. */
function Message({ host }: { host: HostRow }): ReactElement {
  const { t } = useTranslation();
  const { node } = useConnection();
  const remedy = host.reason === 'host-key' ? remedyOf(host.message, node?.dataFolder) : null;
  return (
    <>
      <div className="host-message">
        <span>{host.message}</span>
        <CopyButton label={t('output.copyMessage')} text={host.message} />
      </div>
      {remedy !== null && (
        <div className="host-message">
          <span>{t('output.remedy')}</span>
          <code>{remedy}</code>
          <CopyButton label={t('output.copyRemedy')} text={remedy} />
        </div>
      )}
    </>
  );
}

function CopyButton({ label, text }: { label: string; text: string }): ReactElement {
  return (
    <IconButton size={20} label={label} onClick={() => void copyText(text)}>
      <IconCopy size={14} stroke={1.6} />
    </IconButton>
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
