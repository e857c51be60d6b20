import type { TFunction } from 'i18next';
import type { HostRow, Run } from '#contract/run';
import { isFinal } from '../../client/live-runs.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import { targetName } from '../../ui/target-name.ts';
import { sizeText } from '../../ui/time-text.ts';
import { Duration, Moment } from '../../ui/time.tsx';
import type { DataColumn } from '../../ui/use-data-table.ts';
import { stateOrder } from './progress.ts';
import { shownStatus } from './shown-status.ts';

const linesOf = ({ out, err }: HostRow): number => out.lines + err.lines;
const bytesOf = ({ out, err }: HostRow): number => out.bytes + err.bytes;

/** What became of a target, in one sentence: what it said of it, or how it was stopped. */
export const messageOf = ({ message, stopped, lateResult }: HostRow): string =>
  [message, stopped, lateResult].filter(Boolean).join(' · ');

type Status = Pick<Run, 'status'>;

export function targetColumns(t: TFunction, run: Status): readonly DataColumn<HostRow>[] {
  return [...factColumns(t, run), ...measureColumns(t, run), ...wordColumns(t)];
}

function factColumns(t: TFunction, run: Status): readonly DataColumn<HostRow>[] {
  return [
    {
      id: 'state',
      label: t('hosts.state'),
      width: '112px',
      cell: ({ status }) => <StateBadge status={shownStatus(status, run)} />,
      sortBy: ({ status }) => stateOrder.indexOf(shownStatus(status, run)),
      isName: true,
    },
    {
      id: 'name',
      label: t('hosts.name'),
      width: 'minmax(120px, 1.5fr)',
      cell: ({ name }) => <span title={name}>{targetName(name)}</span>,
      sortBy: ({ name }) => targetName(name),
      isName: true,
    },
    {
      id: 'address',
      label: t('hosts.address'),
      width: 'minmax(100px, 1fr)',
      cell: ({ address }) => <span className="quiet">{address}</span>,
      sortBy: ({ address }) => address,
      from: 900,
    },
    {
      id: 'reason',
      label: t('hosts.reason'),
      width: 'minmax(100px, 1fr)',
      cell: ({ reason }) => (reason === null ? '' : t(`hostReason.${reason}`)),
      sortBy: ({ reason }) => (reason === null ? null : t(`hostReason.${reason}`)),
    },
    {
      id: 'exit',
      label: t('hosts.exitCode'),
      width: '44px',
      align: 'end',
      cell: ({ exitCode }) => exitCode ?? '',
      sortBy: ({ exitCode }) => exitCode,
    },
  ];
}

function measureColumns(t: TFunction, run: Status): readonly DataColumn<HostRow>[] {
  return [
    {
      id: 'duration',
      label: t('hosts.duration'),
      width: '84px',
      align: 'end',
      cell: (host) => <Duration of={host} ticking={!isFinal(run) && host.endedAt === null} />,
      sortBy: ({ durationMs }) => durationMs,
    },
    {
      id: 'started',
      label: t('hosts.started'),
      width: '132px',
      cell: ({ startedAt }) =>
        startedAt === null ? (
          <span className="quiet">{t('hosts.notStarted')}</span>
        ) : (
          <Moment at={startedAt} beside={startedAt} />
        ),
      sortBy: ({ startedAt }) => startedAt,
      from: 1000,
    },
    {
      id: 'attempt',
      label: t('hosts.attempts'),
      width: '64px',
      align: 'end',
      cell: ({ attempt }) => attempt,
      sortBy: ({ attempt }) => attempt,
      isExtra: true,
    },
    {
      id: 'lines',
      label: t('hosts.lines'),
      width: '60px',
      align: 'end',
      cell: linesOf,
      sortBy: linesOf,
      from: 1100,
    },
    {
      id: 'bytes',
      label: t('hosts.bytes'),
      width: '68px',
      align: 'end',
      cell: (host) => sizeText(bytesOf(host)),
      sortBy: bytesOf,
      from: 1200,
    },
  ];
}

function wordColumns(t: TFunction): readonly DataColumn<HostRow>[] {
  return [
    {
      id: 'message',
      label: t('hosts.message'),
      width: 'minmax(120px, 2fr)',
      cell: (host) => <span title={messageOf(host)}>{messageOf(host)}</span>,
      sortBy: (host) => messageOf(host) || null,
      from: 1000,
    },
    {
      id: 'place',
      label: t('hosts.place'),
      width: '52px',
      align: 'end',
      cell: ({ host }) => host,
      sortBy: ({ host }) => host,
      isExtra: true,
    },
  ];
}
