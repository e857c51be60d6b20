import { IconChevronDown, IconChevronRight, IconColumns2 } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { type HostRow, HostStatus, type Run, type RunDetail } from '#contract/run';
import type { ExcerptLine, OutputGroup } from '#contract/run-groups';
import { IconButton } from '../../../ui/icon-button.tsx';
import { StateShape } from '../../../ui/state-badge.tsx';
import { targetName } from '../../../ui/target-name.ts';
import { plainText } from '../../../ui/terminal-lines.ts';
import { sizeText } from '../../../ui/time-text.ts';
import { ResultSetMenu } from '../result-set-menu.tsx';
import { hostsOfGroup } from './group-hosts.ts';

type GroupRowProps = {
  run: Run;
  detail: RunDetail | undefined;
  group: OutputGroup;
  hosts: readonly HostRow[];
  /** Place in the order by size, from 1. */
  no: number;
  isOpen: boolean;
  isChosen: boolean;
  canDiff: boolean;
  onToggle: () => void;
  onDiff: () => void;
};

const glyph = { size: 15, stroke: 1.6 };

/** One output and how many targets wrote it; unfolded, its first lines and those targets. */
export function GroupRow(props: GroupRowProps): ReactElement {
  const { t } = useTranslation();
  const { run, detail, group, hosts, no, isOpen, isChosen, canDiff, onToggle, onDiff } = props;
  const first = hostsOfGroup(group.hosts, hosts, 1)[0];
  const name = targetName(first?.name ?? '');
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <li className={isChosen ? 'group group-chosen' : 'group'} data-group={group.digest}>
      <div className="group-line">
        <button type="button" className="group-fold" aria-expanded={isOpen} onClick={onToggle}>
          <Chevron {...glyph} />
          <span className="group-count tabular">{t('groups.hosts', { count: group.count })}</span>
          <Statuses statuses={group.statuses} />
          <FirstLine lines={group.excerpt} />
          <ExitCodes codes={group.exitCodes} />
        </button>
        <span className="group-names cut quiet" title={name}>
          {group.count === 1 ? name : t('counts.andMore', { first: name, count: group.count - 1 })}
        </span>
        <IconButton
          label={t('groups.diffOf', {
            no,
            other: no === 1 ? t('groups.group', { no: 2 }) : t('groups.group', { no: 1 }),
          })}
          title={t('groups.diffHint')}
          disabled={!canDiff}
          onClick={onDiff}
        >
          <IconColumns2 {...glyph} />
        </IconButton>
      </div>
      {isOpen && <Unfolded {...{ run, detail, group, hosts, no, name }} />}
    </li>
  );
}

function Statuses({ statuses }: Pick<OutputGroup, 'statuses'>): ReactElement {
  const { t } = useTranslation();
  const present = HostStatus.options.filter((status) => statuses[status] !== undefined);
  return (
    <span className="group-statuses">
      {present.map((status) => (
        <span key={status} className="group-status tabular" title={t(`status.${status}`)}>
          <StateShape status={status} />
          <span className="unseen">{t(`status.${status}`)}</span>
          {present.length > 1 && statuses[status]}
        </span>
      ))}
    </span>
  );
}

/** Lines of the excerpt as text that nothing in it can harm. */
const textOf = (lines: readonly ExcerptLine[]): string =>
  plainText(lines.map((line, place) => ({ ...line, seq: place + 1, n: place + 1, host: 0, at: 0 })));

function FirstLine({ lines }: { lines: readonly ExcerptLine[] }): ReactElement {
  const { t } = useTranslation();
  const text = textOf(lines)
    .split('\n')
    .find((line) => line.trim() !== '');
  return text === undefined ? (
    <span className="group-first quiet cut">{t('groups.noOutput')}</span>
  ) : (
    <bdi className="group-first mono cut">{text}</bdi>
  );
}

function ExitCodes({ codes }: { codes: OutputGroup['exitCodes'] }): ReactElement | null {
  const { t } = useTranslation();
  const bad = codes.filter(({ code }) => code !== 0);
  if (bad.length === 0) {
    return null;
  }
  const words = bad.slice(0, 3).map(({ code }) => (code === null ? t('groups.noExit') : t('groups.exit', { code })));
  return (
    <span className="exit exit-bad">{[...words, ...(bad.length > 3 ? [t('groups.exitMore')] : [])].join(', ')}</span>
  );
}

const shownHosts = 60;

type UnfoldedProps = Pick<GroupRowProps, 'run' | 'detail' | 'group' | 'hosts' | 'no'> & { name: string };

function Unfolded({ run, detail, group, hosts, no, name }: UnfoldedProps): ReactElement {
  const { t } = useTranslation();
  const members = hostsOfGroup(group.hosts, hosts);
  return (
    <div className="group-open">
      {group.excerpt.length > 0 && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long text scrolls by keys
        <pre className="group-excerpt" tabIndex={0} aria-label={t('groups.excerptOf', { name })}>
          <Excerpt lines={group.excerpt} />
        </pre>
      )}
      <div className="group-notes quiet">
        {group.cut && (
          <span>
            {t('groups.excerptCut', {
              name,
              lines: t('output.lines', { count: group.lines }),
              size: sizeText(group.bytes),
            })}
          </span>
        )}
        {group.unmasked && <span>{t('groups.unmasked')}</span>}
      </div>
      <div className="group-hosts">
        <ResultSetMenu {...{ run, detail }} hosts={members} label={t('groups.group', { no })} />
        <ul aria-label={t('groups.targetsOf', { no })}>
          {members.slice(0, shownHosts).map((row) => (
            <li key={row.host} title={row.address}>
              <StateShape status={row.status} />
              <bdi className="cut">{targetName(row.name)}</bdi>
            </li>
          ))}
        </ul>
        {group.count > shownHosts && (
          <span className="quiet">{t('groups.moreTargets', { count: group.count - shownHosts })}</span>
        )}
      </div>
    </div>
  );
}

/** Pieces of one stream that follow each other together; what came on stderr is marked. */
function Excerpt({ lines }: { lines: readonly ExcerptLine[] }): ReactElement[] {
  const pieces: ExcerptLine[][] = [];
  for (const line of lines) {
    const last = pieces.at(-1);
    if (last?.[0]?.stream === line.stream) {
      last.push(line);
    } else {
      pieces.push([line]);
    }
  }
  return pieces.map((piece, place) => (
    <span key={place} className={piece[0]?.stream === 'err' ? 'group-err' : undefined}>
      {textOf(piece)}
    </span>
  ));
}
