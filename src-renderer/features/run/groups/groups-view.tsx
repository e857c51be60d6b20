import { Button } from '@mantine/core';
import { lazy, type ReactElement, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostRow, Run, RunDetail } from '#contract/run';
import type { GroupMasks, GroupStream, RunGroups } from '#contract/run-groups';
import { isFinal } from '../../../client/live-runs.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNotice } from '../../../ui/notice.tsx';
import { tell } from '../../../ui/tell.ts';
import { GroupTools } from './group-tools.tsx';
import { GroupRow } from './group-row.tsx';
import { pairFor } from './group-hosts.ts';
import { useGroupKeys } from './use-group-keys.ts';
import { useGroups } from './use-groups.ts';
import './groups.css';

const DiffView = lazy(async () => ({ default: (await import('./diff-view.tsx')).DiffView }));

type GroupsViewProps = { run: Run; detail: RunDetail | undefined; hosts: readonly HostRow[] };
type Pair = readonly [number, number];

const atFirst = 100;
const atMost = 1_000;

/** Targets with the same output as one row each, the largest group first. */
export function GroupsView({ run, detail, hosts }: GroupsViewProps): ReactElement {
  const [masks, setMasks] = useState<GroupMasks>({ hosts: false, times: false, numbers: false });
  const [stream, setStream] = useState<GroupStream>('both');
  const [limit, setLimit] = useState(atFirst);
  const [pair, setPair] = useState<Pair | null>(null);
  const { groups, error } = useGroups(run, { masks, stream, limit });
  const isMasking = masks.hosts || masks.times || masks.numbers;
  return (
    <div className="groups">
      <div className="groups-box" hidden={pair !== null}>
        <GroupTools {...{ run, groups, masks, stream }} onMasks={setMasks} onStream={setStream} />
        {error && <ErrorNotice error={error} />}
        {groups && (
          <GroupList
            {...{ run, detail, hosts, groups }}
            isActive={pair === null}
            onDiff={setPair}
            onMore={() => setLimit(atMost)}
          />
        )}
      </div>
      {pair && groups && (
        <Suspense fallback={null}>
          <DiffView
            {...{ run, hosts, groups, stream, isMasking, pair }}
            onPair={setPair}
            onClose={() => setPair(null)}
          />
        </Suspense>
      )}
    </div>
  );
}

type ListProps = GroupsViewProps & {
  groups: RunGroups;
  isActive: boolean;
  onDiff: (pair: Pair) => void;
  onMore: () => void;
};

function GroupList({ run, detail, hosts, groups, isActive, onDiff, onMore }: ListProps): ReactElement {
  const { t } = useTranslation();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const digests = groups.groups.map(({ digest }) => digest);
  const toggle = (digest: string): void => {
    setOpen(
      (before) => new Set(before.has(digest) ? [...before].filter((one) => one !== digest) : [...before, digest]),
    );
  };
  const diff = (digest: string): void => {
    const pair = pairFor(groups, digests.indexOf(digest));
    if (pair) {
      onDiff(pair);
    } else {
      tell({ message: t('groups.onlyOne') });
    }
  };
  const chosen = useGroupKeys(digests, { isActive, toggle, diff });
  if (digests.length === 0) {
    const live = !isFinal(run);
    return <EmptyState title={t(live ? 'groups.noneYet' : 'groups.none')} text={t(live ? 'groups.noneYetNext' : 'groups.noneNext')} />; // prettier-ignore
  }
  const left = groups.total.groups - digests.length;
  return (
    <div className="groups-scroll">
      <ol className="groups-list" aria-label={t('groups.title')}>
        {groups.groups.map((group, place) => (
          <GroupRow
            key={group.digest}
            {...{ run, detail, group, hosts }}
            no={place + 1}
            isOpen={open.has(group.digest)}
            isChosen={chosen === group.digest}
            canDiff={digests.length > 1}
            onToggle={() => toggle(group.digest)}
            onDiff={() => diff(group.digest)}
          />
        ))}
      </ol>
      {left > 0 && (
        <p className="groups-more quiet">
          {t('groups.moreGroups', { count: left })}
          {digests.length < atMost && (
            <Button variant="subtle" size="compact-xs" onClick={onMore}>
              {t('groups.showMore')}
            </Button>
          )}
        </p>
      )}
    </div>
  );
}
