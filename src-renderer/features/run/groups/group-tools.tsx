import { Checkbox } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#contract/run';
import type { GroupMasks, GroupStream, RunGroups } from '#contract/run-groups';
import { ChoiceBar } from '../../../ui/choice-bar.tsx';

type GroupToolsProps = {
  run: Run;
  groups: RunGroups | undefined;
  masks: GroupMasks;
  stream: GroupStream;
  onMasks: (masks: GroupMasks) => void;
  onStream: (stream: GroupStream) => void;
};

/** What is compared, what is taken for the same, and what came out of it. */
export function GroupTools({ run, groups, masks, stream, onMasks, onStream }: GroupToolsProps): ReactElement {
  const { t } = useTranslation();
  const mask = (name: keyof GroupMasks, label: string, hint: string): ReactElement => (
    <Checkbox
      size="xs"
      label={label}
      title={hint}
      checked={masks[name]}
      onChange={(event) => onMasks({ ...masks, [name]: event.currentTarget.checked })}
    />
  );
  return (
    <div className="groups-tools">
      <ChoiceBar
        label={t('groups.streams')}
        value={stream}
        onChange={onStream}
        choices={[
          { value: 'both', label: t('output.bothStreams') },
          { value: 'out', label: t('output.onlyOut') },
          { value: 'err', label: t('output.onlyErr') },
        ]}
      />
      <fieldset className="groups-masks">
        <legend>{t('groups.masks')}</legend>
        {mask('hosts', t('groups.maskHosts'), t('groups.maskHostsHint'))}
        {mask('times', t('groups.maskTimes'), t('groups.maskTimesHint'))}
        {mask('numbers', t('groups.maskNumbers'), t('groups.maskNumbersHint'))}
      </fieldset>
      <p className="groups-summary tabular" role="status">
        {groups ? <Summary groups={groups} /> : t('groups.loading', { count: run.counts.total })}
      </p>
    </div>
  );
}

function Summary({ groups: { total, ungrouped } }: { groups: RunGroups }): ReactElement {
  const { t } = useTranslation();
  const rest = [
    ungrouped.running > 0 && t('groups.running', { count: ungrouped.running }),
    ungrouped.pending > 0 && t('groups.waiting', { count: ungrouped.pending }),
    ungrouped.skipped > 0 && t('groups.skipped', { count: ungrouped.skipped }),
    ungrouped.unreached > 0 && t('groups.unreached', { count: ungrouped.unreached }),
  ].filter((text) => text !== false);
  return (
    <>
      {total.groups > 0 && (
        <strong>
          {t('groups.summary', { count: total.groups, hosts: t('groups.hosts', { count: total.hosts }) })}
        </strong>
      )}
      <span className="quiet">{rest.join(' · ')}</span>
    </>
  );
}
