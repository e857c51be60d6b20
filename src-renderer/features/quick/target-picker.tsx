import { IconDeviceDesktop, IconPlus, IconServer, IconX } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Target } from '#contract/node';
import type { RunPreview } from '#contract/run';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { targetName } from '../../ui/target-name.ts';
import type { Draft } from './draft.ts';
import type { DraftChange } from './use-draft.ts';

type TargetPickerProps = {
  draft: Draft;
  change: (change: DraftChange) => void;
  targets: readonly Target[];
  preview: RunPreview | null;
};

const glyph = { size: 15, stroke: 1.6, 'aria-hidden': true } as const;

/** Where the script will run: the chosen targets, named, and a way to choose others. */
export function TargetPicker({ draft, change, targets, preview }: TargetPickerProps): ReactElement {
  const { t } = useTranslation();
  const others = targets.filter((target) => !draft.targets.includes(target.name));
  const leaveOut = (name: string): void =>
    change(({ targets: chosen }) => ({ targets: chosen.filter((other) => other !== name) }));
  const problem = draft.targets.length === 0 ? t('quick.noTargetNext') : (preview?.targets.problem ?? null);
  return (
    <div className="target-picker" role="group" aria-label={t('quick.targets')}>
      <span className="field-label" title={t('quick.targetsHint')}>
        {t('quick.targets')}
      </span>
      {draft.targets.map((name) => (
        <TargetChip key={name} name={name} targets={targets} onRemove={() => leaveOut(name)} />
      ))}
      {others.length > 0 && (
        <Menu
          label={t('quick.addTarget')}
          trigger={
            <IconButton size={24} label={t('quick.addTarget')}>
              <IconPlus {...glyph} />
            </IconButton>
          }
        >
          {others.map((target) => (
            <MenuItem
              key={target.id}
              onClick={() => change(({ targets: chosen }) => ({ targets: [...chosen, target.name] }))}
            >
              {targetName(target.name)}
            </MenuItem>
          ))}
        </Menu>
      )}
      <span className="quiet tabular" role="status">
        {t('counts.targets', { count: draft.targets.length })}
      </span>
      {problem !== null && <span className="field-problem">{problem}</span>}
    </div>
  );
}

function TargetChip(props: { name: string; targets: readonly Target[]; onRemove: () => void }): ReactElement {
  const { t } = useTranslation();
  const label = targetName(props.name);
  const target = props.targets.find(({ name }) => name === props.name);
  const Icon = target?.connection === 'local' ? IconDeviceDesktop : IconServer;
  return (
    <span className="target-chip" title={target?.connection === 'local' ? t('quick.local') : target?.address}>
      <Icon {...glyph} />
      <span className="cut">{label}</span>
      <button type="button" aria-label={t('quick.removeTarget', { name: label })} onClick={props.onRemove}>
        <IconX size={13} stroke={1.8} aria-hidden="true" />
      </button>
    </span>
  );
}
