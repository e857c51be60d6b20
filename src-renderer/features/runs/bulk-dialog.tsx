import { Button, Modal, Progress } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#contract/run';
import { copyText } from '../../ui/copy-text.ts';
import { tell } from '../../ui/tell.ts';
import { type BulkPlan, numbersText } from './bulk-plan.ts';
import { type Bulk, type BulkState, refusalText } from './use-bulk.ts';

type DialogProps = { bulk: Bulk; onDone: () => void };

/** Says what will be done, shows how it goes on, and tells what was refused. */
export function BulkDialog({ bulk, onDone }: DialogProps): ReactElement | null {
  const { t } = useTranslation();
  const { state } = bulk;
  if (state === null) {
    return null;
  }
  const { plan } = state;
  const isCancel = plan.kind === 'cancel';
  const count = plan.runs.length;
  const close = state.phase === 'working' ? () => {} : bulk.close;
  return (
    <Modal
      opened
      onClose={close}
      title={isCancel ? t('bulk.cancelTitle', { count }) : t('bulk.rerunTitle', { count })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      centered
    >
      {state.phase === 'asking' && <Proposal bulk={bulk} plan={plan} onDone={onDone} />}
      {state.phase === 'working' && <Working bulk={bulk} plan={plan} asked={state.asked} />}
      {state.phase === 'done' && <Report bulk={bulk} state={state} />}
    </Modal>
  );
}

type ProposalProps = DialogProps & { plan: BulkPlan };

function Proposal({ bulk, plan, onDone }: ProposalProps): ReactElement {
  const { t } = useTranslation();
  const isCancel = plan.kind === 'cancel';
  const count = plan.runs.length;
  const why = { cancel: 'bulk.outCancel', all: 'bulk.outAll', failed: 'bulk.outFailed' } as const;
  const go = async (): Promise<void> => {
    const result = await bulk.start();
    if (result) {
      onDone();
    }
    if (result && result.refused.length + result.unasked.length === 0) {
      const done = result.done.length;
      bulk.close();
      tell({ message: isCancel ? t('bulk.doneCancel', { count: done }) : t('bulk.doneRerun', { count: done }) });
    }
  };
  return (
    <>
      <p className="bulk-text">{isCancel ? t('bulk.cancelText') : t('bulk.rerunText', { count: plan.targets })}</p>
      {plan.leftOut.length > 0 && (
        <p className="bulk-text quiet">
          {t('bulk.leftOut', { count: plan.leftOut.length, runs: shortList(plan.leftOut) })} {t(why[plan.kind])}
        </p>
      )}
      <div className="bulk-choices">
        <Button variant="default" onClick={bulk.close}>
          {isCancel ? t('bulk.keep') : t('common.close')}
        </Button>
        <Button data-autofocus {...(isCancel && { color: 'red.8' })} onClick={() => void go()}>
          {isCancel ? t('bulk.goCancel', { count }) : t('bulk.goRerun', { count })}
        </Button>
      </div>
    </>
  );
}

const mostListed = 12;

const shortList = (runs: readonly Run[]): string =>
  `${runs
    .slice(0, mostListed)
    .map(({ no }) => `#${no}`)
    .join(', ')}${runs.length > mostListed ? ' …' : ''}`;

function Working({ bulk, plan, asked }: { bulk: Bulk; plan: BulkPlan; asked: number }): ReactElement {
  const { t } = useTranslation();
  const total = plan.runs.length;
  const words = t('bulk.progress', { done: asked, total });
  return (
    <>
      <p className="bulk-text tabular" role="status">
        {words}
      </p>
      <Progress value={(100 * asked) / total} aria-label={words} />
      <div className="bulk-choices">
        <Button variant="default" onClick={bulk.stop}>
          {t('bulk.stop')}
        </Button>
      </div>
    </>
  );
}

type ReportProps = { bulk: Bulk; state: Extract<BulkState, { phase: 'done' }> };

function Report({ bulk, state }: ReportProps): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { plan, result } = state;
  const isCancel = plan.kind === 'cancel';
  const count = result.done.length;
  const started = numbersText(result.done.map(({ answer }) => answer));
  return (
    <>
      <p className="bulk-text" role="status">
        {[
          isCancel ? t('bulk.doneCancel', { count }) : t('bulk.doneRerun', { count }),
          ...(result.refused.length > 0 ? [t('bulk.refused', { count: result.refused.length })] : []),
          ...(result.unasked.length > 0 ? [t('bulk.unasked', { count: result.unasked.length })] : []),
        ].join(' · ')}
      </p>
      {result.refused.length > 0 && (
        <ul className="bulk-refusals" aria-label={t('bulk.refusals')}>
          {result.refused.map(({ item, error }) => (
            <li key={item.no}>
              <span className="tabular">{`#${item.no}`}</span> <span>{refusalText(error)}</span>
            </li>
          ))}
        </ul>
      )}
      <div className="bulk-choices">
        {result.refused.length > 0 && (
          <Button variant="default" onClick={() => void copyText(numbersText(result.refused.map(({ item }) => item)))}>
            {t('bulk.copyRefused')}
          </Button>
        )}
        {!isCancel && count > 0 && (
          <Button
            variant="default"
            onClick={() => {
              bulk.close();
              void navigate({ to: '/runs', search: { text: started } });
            }}
          >
            {t('bulk.showNew')}
          </Button>
        )}
        <Button data-autofocus onClick={bulk.close}>
          {t('bulk.close')}
        </Button>
      </div>
    </>
  );
}
