import { Button, Modal } from '@mantine/core';
import type { TFunction } from 'i18next';
import { type ReactElement, useEffect, useEffectEvent, useMemo, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { TargetTest } from '#contract/target';
import { client } from '../../client/index.ts';
import { ChoiceBar } from '../../ui/choice-bar.tsx';
import { copyText } from '../../ui/copy-text.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { StateShape } from '../../ui/state-badge.tsx';
import { targetName } from '../../ui/target-name.ts';
import { durationText } from '../../ui/time-text.ts';
import { type DataColumn, useDataTable } from '../../ui/use-data-table.ts';
import { reasonText } from './target-words.ts';
import { countReasons, TestRound, type TestRoundState } from './test-round.ts';

type TestProps = {
  ids: readonly string[];
  onClose: () => void;
  /** The engine knows more about them now. */
  onTested: () => void;
};

/** Logs in to each of the targets and says what came of it. */
export function TestDialog(props: TestProps): ReactElement {
  const { t } = useTranslation();
  const [ids, setIds] = useState(props.ids);
  const [round, setRound] = useState(() => new TestRound(client, ids));
  const state = useSyncExternalStore(round.subscribe, () => round.state);
  const tested = useEffectEvent(props.onTested);
  useEffect(() => {
    void round.run().then(() => tested());
    return round.cancel;
  }, [round]);
  const testAgain = (again: readonly string[]): void => {
    setIds(again);
    setRound(new TestRound(client, again));
  };
  return (
    <Modal
      opened
      size="xl"
      onClose={props.onClose}
      title={t('targets.testTitle', { count: ids.length })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div className="test-dialog">
        <Progress state={state} />
        {state.error && <ErrorNotice error={state.error} />}
        <Results key={ids.length} tests={state.tests} />
        <Choices state={state} onCancel={round.cancel} onAgain={testAgain} />
      </div>
    </Modal>
  );
}

function Progress({ state: { tests, total, phase } }: { state: TestRoundState }): ReactElement {
  const { t } = useTranslation();
  const done = tests.length;
  return (
    <div className="test-progress">
      <progress value={done} max={total} aria-label={t('targets.testing')} />
      <span className="tabular" role="status">
        {phase === 'testing'
          ? t('targets.testingOf', { done, total })
          : t(phase === 'done' ? 'targets.testedAll' : 'targets.testedSome', { count: done, total })}
      </span>
    </div>
  );
}

const failedOf = (tests: readonly TargetTest[]): readonly TargetTest[] => tests.filter(({ ok }) => !ok);

type ChoicesProps = { state: TestRoundState; onCancel: () => void; onAgain: (ids: readonly string[]) => void };

function Choices({ state, onCancel, onAgain }: ChoicesProps): ReactElement {
  const { t } = useTranslation();
  const failed = failedOf(state.tests);
  return (
    <div className="dialog-choices">
      {failed.length > 0 && (
        <Button variant="default" onClick={() => void copyText(failed.map(lineOf).join('\n'))}>
          {t('targets.copyFailed', { count: failed.length })}
        </Button>
      )}
      {state.phase === 'testing' ? (
        <Button onClick={onCancel}>{t('targets.cancelTest')}</Button>
      ) : (
        failed.length > 0 && (
          <Button onClick={() => onAgain(failed.map(({ id }) => id))}>
            {t('targets.testFailedAgain', { count: failed.length })}
          </Button>
        )
      )}
    </div>
  );
}

const lineOf = ({ name, address, reason, message }: TargetTest): string =>
  [name, address, reasonText(reason), message].join('\t');

const everyReason = '*';
const keyOf = ({ ok, reason }: TargetTest): string => (ok ? '' : (reason ?? '?'));

function Results({ tests }: { tests: readonly TargetTest[] }): ReactElement | null {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState(everyReason);
  const reasons = countReasons(tests);
  const rows = useMemo(
    () => (chosen === everyReason ? tests : tests.filter((test) => keyOf(test) === chosen)),
    [tests, chosen],
  );
  const columns = useMemo(() => columnsOf(t), [t]);
  const model = useDataTable({ name: 'target-tests', rows, columns, idOf: ({ id }: TargetTest) => id });
  return (
    <>
      {reasons.length > 1 && (
        <ChoiceBar
          label={t('targets.reasons')}
          value={chosen}
          choices={[
            { value: everyReason, label: t('targets.everyReason', { count: tests.length }) },
            ...reasons.map(({ reason, count }) => ({
              value: reason === null ? '' : reason || '?',
              label: `${reason === null ? t('targets.answered') : reasonText(reason || null)} ${count}`,
            })),
          ]}
          onChange={setChosen}
        />
      )}
      <div className="test-results">
        <DataTable
          model={model}
          label={t('targets.testResults')}
          onOpen={() => {}}
          narrowRow={(test) => <NarrowResult test={test} />}
        />
      </div>
    </>
  );
}

const columnsOf = (t: TFunction): readonly DataColumn<TargetTest>[] => [
  {
    id: 'name',
    label: t('targets.name'),
    width: 'minmax(110px, 1fr)',
    cell: ({ name, id }) => <span title={name}>{targetName(name) || id}</span>,
    sortBy: ({ name }) => name,
    isName: true,
  },
  {
    id: 'result',
    label: t('targets.result'),
    width: 'minmax(170px, 1fr)',
    cell: (test) => <Result test={test} />,
    sortBy: keyOf,
  },
  {
    id: 'message',
    label: t('targets.message'),
    width: 'minmax(160px, 2.4fr)',
    cell: ({ message }) => <span title={message}>{message}</span>,
  },
  {
    id: 'duration',
    label: t('targets.duration'),
    width: '72px',
    align: 'end',
    cell: ({ durationMs }) => durationText(durationMs),
    sortBy: ({ durationMs }) => durationMs,
  },
];

function Result({ test: { ok, reason } }: { test: TargetTest }): ReactElement {
  const { t } = useTranslation();
  return (
    <span className="state">
      <StateShape status={ok ? 'success' : 'failed'} />
      {ok ? t('targets.answered') : reasonText(reason)}
    </span>
  );
}

function NarrowResult({ test }: { test: TargetTest }): ReactElement {
  return (
    <>
      <span>
        <Result test={test} />
        <span className="cut">{targetName(test.name)}</span>
      </span>
      <span>
        <span className="cut" title={test.message}>
          {test.message}
        </span>
      </span>
    </>
  );
}
