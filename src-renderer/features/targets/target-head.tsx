import { Button } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Target, TargetTest } from '#contract/target';
import { useAct } from '../../client/use-call.ts';
import { useConnection } from '../../client/use-connection.ts';
import { copyText } from '../../ui/copy-text.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { StateShape } from '../../ui/state-badge.tsx';
import { targetName } from '../../ui/target-name.ts';
import { durationText } from '../../ui/time-text.ts';
import { useKeys } from '../../ui/use-keys.ts';
import { callAsCurl, commandLine } from './copy-targets.ts';
import { RemoveDialog } from './remove-dialog.tsx';
import { MaintenanceCell } from './target-cells.tsx';
import { TargetCrumbs } from './target-crumbs.tsx';
import { placeText, reasonText } from './target-words.ts';
import { useTargetActs } from './use-target-acts.ts';

type HeadProps = { target: Target; isEdited: boolean; onEdit: () => void; onChanged: () => void };

/** Name and place of a target, and what can be done with it. */
export function TargetHead(props: HeadProps): ReactElement {
  const { t } = useTranslation();
  const { target, isEdited, onChanged } = props;
  const acts = useTargetActs(onChanged);
  const test = useAct('target.test');
  const isLocal = target.connection === 'local';
  const runTest = (): void => {
    if (!test.isPending && !isLocal) {
      test.mutate({ ids: [target.id] }, { onSettled: onChanged });
    }
  };
  useKeys({
    t: { does: t('targets.testOne'), act: runTest },
    r: { does: t('targets.runOnThis'), act: () => acts.run([target]) },
  });
  return (
    <header className="target-head">
      <TargetCrumbs />
      <h1>{isEdited ? t('targets.editTitle', { name: target.name }) : targetName(target.name)}</h1>
      <span className="mono quiet">{placeText(target)}</span>
      <MaintenanceCell target={target} />
      {!isEdited && (
        <span className="target-buttons">
          <Button onClick={() => acts.run([target])}>{t('targets.runOnThis')}</Button>
          {!isLocal && (
            <>
              <Button variant="default" loading={test.isPending} onClick={runTest}>
                {t('targets.testOne')}
              </Button>
              <Button variant="default" onClick={props.onEdit}>
                {t('targets.edit')}
              </Button>
            </>
          )}
          <MoreMenu target={target} onChanged={onChanged} />
        </span>
      )}
      {test.error && <ErrorNotice error={test.error} about={t('targets.notTested', { name: target.name })} />}
      {test.data?.tests.map((result) => (
        <TestResult key={result.id} result={result} />
      ))}
    </header>
  );
}

/** What a try to log in came to. */
function TestResult({ result }: { result: TargetTest }): ReactElement {
  const { t } = useTranslation();
  const duration = durationText(result.durationMs);
  return (
    <p className="test-result" role="status">
      <StateShape status={result.ok ? 'success' : 'failed'} />
      <strong>
        {result.ok
          ? t('targets.answeredIn', { duration })
          : t('targets.failedIn', { reason: reasonText(result.reason), duration })}
      </strong>
      <span>{result.message}</span>
    </p>
  );
}

function MoreMenu({ target, onChanged }: { target: Target; onChanged: () => void }): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { node } = useConnection();
  const acts = useTargetActs(onChanged);
  const [isRemoving, setRemoving] = useState(false);
  const dataFolder = node?.dataFolder ?? '.';
  const label = t('targets.actionsOf', { name: targetName(target.name) });
  const remove = async (): Promise<void> => {
    if (await acts.remove([target])) {
      await navigate({ to: '/targets' });
    }
  };
  return (
    <>
      <Menu
        label={label}
        align="end"
        trigger={
          <IconButton label={label}>
            <IconDots size={16} stroke={1.6} />
          </IconButton>
        }
      >
        {target.connection !== 'local' && (
          <>
            <MenuItem onClick={() => void navigate({ to: '/targets/new', search: { from: target.id } })}>
              {t('targets.duplicate')}
            </MenuItem>
            <MenuItem onClick={() => void acts.maintain([target], !target.maintenance)}>
              {t(target.maintenance ? 'targets.endMaintenance' : 'targets.beginMaintenance')}
            </MenuItem>
          </>
        )}
        <MenuItem
          onClick={() => void copyText(commandLine(dataFolder, ['targets', 'ls', `id:${target.id}`, '--json']))}
        >
          {t('targets.copyCli')}
        </MenuItem>
        <MenuItem onClick={() => void copyText(callAsCurl(dataFolder, 'target.get', { target: target.id }))}>
          {t('targets.copyCurl')}
        </MenuItem>
        {target.connection !== 'local' && (
          <>
            <MenuLine />
            <MenuItem onClick={() => setRemoving(true)}>{t('targets.removeOne', { name: target.name })}</MenuItem>
          </>
        )}
      </Menu>
      {isRemoving && (
        <RemoveDialog targets={[target]} onClose={() => setRemoving(false)} onRemove={() => void remove()} />
      )}
    </>
  );
}
