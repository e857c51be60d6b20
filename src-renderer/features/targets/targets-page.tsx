import { Button } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Target } from '#contract/target';
import { useConnection } from '../../client/use-connection.ts';
import { ColumnMenu } from '../../ui/column-menu.tsx';
import { copyText } from '../../ui/copy-text.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { BulkBar } from './bulk-bar.tsx';
import { callAsCurl, commandLine } from './copy-targets.ts';
import { RemoveDialog } from './remove-dialog.tsx';
import { RowMenu } from './row-menu.tsx';
import { TargetSearch } from './target-search.tsx';
import { TargetTable, useTargetTable } from './target-table.tsx';
import { TestDialog } from './test-dialog.tsx';
import { type TargetActs, changeable, useTargetActs } from './use-target-acts.ts';
import { type TargetList, useTargetList } from './use-target-list.ts';
import './targets.css';

/** What is asked about in a dialog, as it was when it was opened. */
type Asked = { readonly what: 'test' | 'remove'; readonly targets: readonly Target[] } | null;

/** Every machine that Drover can reach. */
export function TargetsPage(): ReactElement {
  const { t } = useTranslation();
  const { q: query = '' } = useSearch({ from: '/targets' });
  const navigate = useNavigate();
  const list = useTargetList(query);
  const model = useTargetTable(list.rows);
  const acts = useTargetActs(list.refresh);
  const [asked, setAsked] = useState<Asked>(null);
  const setQuery = (next: string): void =>
    void navigate({ to: '/targets', search: next.trim() === '' ? {} : { q: next }, replace: true });
  useKeys({
    n: { does: t('targets.new'), act: () => void navigate({ to: '/targets/new' }) },
    i: { does: t('targets.importTitle'), act: () => void navigate({ to: '/targets/import' }) },
  });
  return (
    <div className="targets">
      <header className="targets-head">
        <h1>{t('pages.targets')}</h1>
        <TargetSearch query={query} error={list.error} onChange={setQuery} />
        <span className="targets-buttons">
          <Button onClick={() => void navigate({ to: '/targets/new' })}>{t('targets.new')}</Button>
          <Button variant="default" onClick={() => void navigate({ to: '/targets/import' })}>
            {t('targets.import')}
          </Button>
          <ColumnMenu model={model} />
          <PageMenu query={query} />
        </span>
      </header>
      <Trouble list={list} />
      {model.ticked.length > 0 && (
        <BulkBar
          targets={model.ticked}
          onRun={() => acts.run(model.ticked)}
          onTest={() => setAsked({ what: 'test', targets: model.ticked })}
          onMaintain={(on) => void acts.maintain(changeable(model.ticked), on)}
          onRemove={() => setAsked({ what: 'remove', targets: changeable(model.ticked) })}
          onUntick={model.untick}
        />
      )}
      {list.rows.length > 0 && (
        <TargetTable
          model={model}
          rowActions={(target) => <RowActions {...{ target, acts, setAsked }} />}
          end={<ListEnd list={list} />}
        />
      )}
      <NothingThere list={list} onAll={() => setQuery('')} />
      <Dialogs asked={asked} onClose={() => setAsked(null)} list={list} acts={acts} />
    </div>
  );
}

type RowActionsProps = { target: Target; acts: TargetActs; setAsked: (asked: Asked) => void };

function RowActions({ target, acts, setAsked }: RowActionsProps): ReactElement {
  return (
    <RowMenu
      target={target}
      onRun={() => acts.run([target])}
      onTest={() => setAsked({ what: 'test', targets: [target] })}
      onMaintain={() => void acts.maintain([target], !target.maintenance)}
      onRemove={() => setAsked({ what: 'remove', targets: [target] })}
    />
  );
}

type DialogsProps = { asked: Asked; onClose: () => void; list: TargetList; acts: TargetActs };

function Dialogs({ asked, onClose, list, acts }: DialogsProps): ReactElement | null {
  switch (asked?.what) {
    case 'test':
      return <TestDialog ids={asked.targets.map(({ id }) => id)} onClose={onClose} onTested={list.refresh} />;
    case 'remove':
      return (
        <RemoveDialog targets={asked.targets} onClose={onClose} onRemove={() => void acts.remove(asked.targets)} />
      );
    case undefined:
      return null;
  }
}

/** What is behind the list, for elsewhere. */
function PageMenu({ query }: { query: string }): ReactElement {
  const { t } = useTranslation();
  const { node } = useConnection();
  const dataFolder = node?.dataFolder ?? '.';
  const words = ['targets', 'ls', ...(query === '' ? [] : [query])];
  return (
    <Menu
      label={t('targets.more')}
      align="end"
      trigger={
        <IconButton label={t('targets.more')}>
          <IconDots size={16} stroke={1.6} />
        </IconButton>
      }
    >
      <MenuItem onClick={() => void copyText(commandLine(dataFolder, words))}>{t('targets.copyListCli')}</MenuItem>
      <MenuItem onClick={() => void copyText(callAsCurl(dataFolder, 'target.list', { query }))}>
        {t('targets.copyListCurl')}
      </MenuItem>
      <MenuItem onClick={() => void copyText(window.location.href)}>{t('targets.copyLink')}</MenuItem>
    </Menu>
  );
}

/** What is wrong with the search itself stands below its field. */
function Trouble({ list: { error, refresh } }: { list: TargetList }): ReactElement | null {
  const { t } = useTranslation();
  if (!error || error.code === 'bad-selector') {
    return null;
  }
  return (
    <ErrorNotice
      error={error}
      action={
        <Button variant="default" onClick={refresh}>
          {t('common.retry')}
        </Button>
      }
    />
  );
}

function ListEnd({ list: { rows, total, loaded, phase, query } }: { list: TargetList }): ReactElement {
  const { t } = useTranslation();
  const isAlone = query === '' && rows.length === 1 && phase === 'ready';
  if (isAlone) {
    return <FirstSteps />;
  }
  return (
    <div className="targets-end quiet tabular" role="status">
      {phase === 'more' ? t('targets.loadingRest', { loaded, total }) : t('counts.targets', { count: rows.length })}
    </div>
  );
}

/** There is nothing but this machine yet. */
function FirstSteps(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <EmptyState title={t('targets.none')} text={t('targets.noneNext')}>
      <div className="targets-offers">
        <Button onClick={() => void navigate({ to: '/targets/import' })}>{t('targets.noneImport')}</Button>
        <Button variant="default" onClick={() => void navigate({ to: '/targets/new' })}>
          {t('targets.new')}
        </Button>
        <Link to="/quick">{t('targets.noneLocal')}</Link>
      </div>
    </EmptyState>
  );
}

function NothingThere({ list, onAll }: { list: TargetList; onAll: () => void }): ReactElement | null {
  const { t } = useTranslation();
  if (list.phase !== 'ready' || list.rows.length > 0 || list.error) {
    return null;
  }
  return (
    <EmptyState title={t('targets.noMatch')} text={t('targets.noMatchNext')}>
      <Button onClick={onAll}>{t('targets.showAll')}</Button>
    </EmptyState>
  );
}
