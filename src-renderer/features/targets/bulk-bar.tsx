import { Button } from '@mantine/core';
import { IconChevronDown, IconX } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Target } from '#contract/target';
import { useConnection } from '../../client/use-connection.ts';
import { copyText } from '../../ui/copy-text.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx';
import { callAsCurl, commandLine, copyForms, copyTextOf } from './copy-targets.ts';
import { selectorOf } from './target-selector.ts';
import { changeable } from './use-target-acts.ts';

type BulkProps = {
  targets: readonly Target[];
  onRun: () => void;
  onTest: () => void;
  onMaintain: (maintenance: boolean) => void;
  onRemove: () => void;
  onUntick: () => void;
};

/** What can be done with the ticked targets. */
export function BulkBar(props: BulkProps): ReactElement {
  const { t } = useTranslation();
  const { targets } = props;
  const own = changeable(targets).length;
  const builtIn = own === 0 ? t('targets.builtIn') : undefined;
  return (
    <div className="bulk-bar" role="toolbar" aria-label={t('targets.bulk')}>
      <span className="tabular" role="status">
        {t('targets.ticked', { count: targets.length })}
      </span>
      <Button onClick={props.onRun}>{t('targets.runOn')}</Button>
      <Button variant="default" onClick={props.onTest}>
        {t('targets.test', { count: targets.length })}
      </Button>
      <Menu
        label={t('targets.maintenance')}
        trigger={
          <Button variant="default" disabled={own === 0} title={builtIn} rightSection={<IconChevronDown size={14} />}>
            {t('targets.maintenance')}
          </Button>
        }
      >
        <MenuItem onClick={() => props.onMaintain(true)}>{t('targets.maintainOn', { count: own })}</MenuItem>
        <MenuItem onClick={() => props.onMaintain(false)}>{t('targets.maintainOff', { count: own })}</MenuItem>
      </Menu>
      <CopyMenu targets={targets} />
      <Button
        variant="subtle"
        color="gray"
        c="var(--danger)"
        className="bulk-remove"
        disabled={own === 0}
        title={builtIn}
        onClick={props.onRemove}
      >
        {t('targets.remove', { count: own })}
      </Button>
      <IconButton label={t('targets.untick')} onClick={props.onUntick}>
        <IconX size={16} stroke={1.6} />
      </IconButton>
    </div>
  );
}

/** The list in several forms, and what would name the same targets elsewhere. */
function CopyMenu({ targets }: { targets: readonly Target[] }): ReactElement {
  const { t } = useTranslation();
  const { node } = useConnection();
  const dataFolder = node?.dataFolder ?? '.';
  const selector = selectorOf(targets);
  const copy = (text: string): void => void copyText(text, t('targets.copiedList', { count: targets.length }));
  return (
    <Menu
      label={t('targets.copy')}
      trigger={
        <Button variant="default" rightSection={<IconChevronDown size={14} />}>
          {t('targets.copy')}
        </Button>
      }
    >
      {copyForms
        .filter((form) => form !== 'selector' || selector !== null)
        .map((form) => (
          <MenuItem key={form} onClick={() => copy(copyTextOf(form, targets, selector ?? ''))}>
            {t(`targets.copyAs.${form}`)}
          </MenuItem>
        ))}
      <MenuLine />
      <MenuItem
        onClick={() =>
          copy(commandLine(dataFolder, ['targets', 'test', selector ?? targets.map(({ id }) => id).join(',')]))
        }
      >
        {t('targets.copyTestCli')}
      </MenuItem>
      <MenuItem
        onClick={() => copy(callAsCurl(dataFolder, 'target.test', { ids: targets.slice(0, 64).map(({ id }) => id) }))}
      >
        {t('targets.copyTestCurl')}
      </MenuItem>
    </Menu>
  );
}
