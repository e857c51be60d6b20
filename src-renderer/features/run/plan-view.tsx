import { IconCopy } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostRow, Run, RunDetail } from '#contract/run';
import { copyText } from '../../ui/copy-text.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { isOnlyRecord } from '../../ui/where-of.ts';
import { FrozenTargets } from './frozen-targets.tsx';
import { batchWords, thresholdOf } from './plan-words.ts';

type PlanProps = { detail: RunDetail; run: Run; hosts: readonly HostRow[] };

/** What was frozen before the run began: parameters, options, targets, text, digests. */
export function PlanView({ detail, run, hosts }: PlanProps): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="plan">
      <div className="plan-columns">
        <section>
          <h2>{t('plan.parameters')}</h2>
          <Pairs values={detail.task.parameters} none={t('plan.noParameters')} />
          {detail.leftAlone.length > 0 && (
            <>
              <h2>{t('plan.leftAlone')}</h2>
              <p className="mono plan-left">{detail.leftAlone.join('  ')}</p>
            </>
          )}
          <TaskFacts detail={detail} />
        </section>
        <section>
          <h2>{t('plan.options')}</h2>
          <Options detail={detail} hosts={hosts} />
        </section>
      </div>
      <FinalText detail={detail} />
      <FrozenTargets detail={detail} run={run} hosts={hosts} />
    </div>
  );
}

function Pairs({ values, none }: { values: Readonly<Record<string, unknown>>; none: string }): ReactElement {
  const entries = Object.entries(values);
  if (entries.length === 0) {
    return <p className="quiet">{none}</p>;
  }
  return (
    <dl className="plan-facts mono">
      {entries.map(([name, value]) => (
        <Fact key={name} name={name}>
          {String(value)}
        </Fact>
      ))}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function TaskFacts({ detail }: { detail: RunDetail }): ReactElement | null {
  const { t } = useTranslation();
  const { args, environment, stdin } = detail.task;
  return (
    <>
      {args.length > 0 && (
        <>
          <h2>{t('plan.args')}</h2>
          <ol className="plan-args mono">
            {args.map((arg, place) => (
              <li key={`${place}${arg}`}>{arg}</li>
            ))}
          </ol>
        </>
      )}
      {Object.keys(environment).length > 0 && (
        <>
          <h2>{t('plan.environment')}</h2>
          <Pairs values={environment} none="" />
        </>
      )}
      {stdin !== undefined && (
        <>
          <h2>{t('plan.stdin')}</h2>
          <pre className="plan-text">{stdin}</pre>
        </>
      )}
    </>
  );
}

function Options({ detail, hosts }: { detail: RunDetail; hosts: readonly HostRow[] }): ReactElement {
  const { t } = useTranslation();
  const { task, run, options } = detail;
  const { total } = run.counts;
  const seconds = (count: number): string => t('plan.seconds', { count });
  return (
    <dl className="plan-facts tabular">
      <Fact name={t('plan.language')}>{t(`language.${task.language}`)}</Fact>
      <Fact name={t('plan.selector')}>
        <code>{run.selector}</code>
        {isOnlyRecord(run, hosts) && (
          <p className="quiet">{t(run.selector.endsWith('…') ? 'plan.selectorIsCut' : 'plan.selectorIsRecord')}</p>
        )}
      </Fact>
      <Fact name={t('plan.timeout')}>{seconds(options.timeoutS)}</Fact>
      <Fact name={t('plan.deadline')}>{options.deadlineS === 0 ? t('plan.noLimit') : seconds(options.deadlineS)}</Fact>
      <Fact name={t('plan.concurrency')}>{options.concurrency}</Fact>
      {options.batches && <Fact name={t('plan.batches')}>{batchWords(t, total, options.batches)}</Fact>}
      {options.pauseS > 0 && <Fact name={t('plan.pause')}>{seconds(options.pauseS)}</Fact>}
      {options.stopAfter !== undefined && (
        <Fact name={t('plan.stopAfter')}>{t('plan.stopAfterWords', thresholdOf(options.stopAfter, total))}</Fact>
      )}
      {options.tolerate !== '0' && (
        <Fact name={t('plan.tolerate')}>{t('plan.tolerateWords', thresholdOf(options.tolerate, total))}</Fact>
      )}
    </dl>
  );
}

function FinalText({ detail }: { detail: RunDetail }): ReactElement {
  const { t } = useTranslation();
  return (
    <section>
      <div className="plan-line">
        <h2>{t('plan.text')}</h2>
        <IconButton size={24} label={t('plan.copyText')} onClick={() => void copyText(detail.finalText)}>
          <IconCopy size={15} stroke={1.6} />
        </IconButton>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long text scrolls by keys */}
      <pre className="plan-text" tabIndex={0} aria-label={t('plan.text')}>
        {detail.finalText}
      </pre>
      <p className="quiet plan-digest">
        {t('plan.textDigest')} <code>{detail.textSha256}</code>
      </p>
    </section>
  );
}
