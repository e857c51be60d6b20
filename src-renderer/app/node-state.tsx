import { UnstyledButton } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeInfo } from '#contract/node';
import type { ConnectionState } from '../client/connection.ts';
import { useConnection } from '../client/use-connection.ts';
import { Dropdown } from '../ui/dropdown.tsx';
import { Ago } from '../ui/time.tsx';

const words = {
  online: 'frame.online',
  connecting: 'frame.connecting',
  lost: 'frame.lost',
  'signed-out': 'frame.signedOut',
} as const satisfies Record<ConnectionState['phase'], string>;

/** Which node this is and whether it answers; opens what is known of it. */
export function NodeState(): ReactElement {
  const { t } = useTranslation();
  const { node, phase } = useConnection();
  const name = node?.name ?? t('product');
  const word = t(words[phase]);
  return (
    <div className="node-place">
      <Dropdown
        role="dialog"
        label={t('frame.node')}
        trigger={
          <UnstyledButton className="node-state">
            <span className="unseen">{t('frame.nodeIs')}</span>
            <strong className="cut">{name}</strong>
            <span className={`node-link node-link-${phase}`}>
              <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
                {phase === 'online' ? <circle cx="5" cy="5" r="4" /> : <path d="M1 1l8 8M9 1l-8 8" />}
              </svg>
              <span className="node-word">{word}</span>
            </span>
          </UnstyledButton>
        }
      >
        {node && <NodeFacts node={node} word={word} />}
      </Dropdown>
      <span className="unseen" role="status">
        {word}
      </span>
    </div>
  );
}

/** The clocks of two machines that differ by less are told to be the same. */
const sameClockMs = 2_000;

function NodeFacts({ node, word }: { node: NodeInfo; word: string }): ReactElement {
  const { t } = useTranslation();
  const { clockOffsetMs } = useConnection();
  const seconds = Math.round(Math.abs(clockOffsetMs) / 1_000);
  const clock =
    Math.abs(clockOffsetMs) < sameClockMs
      ? t('frame.clockSame')
      : t(clockOffsetMs > 0 ? 'frame.clockAhead' : 'frame.clockBehind', { count: seconds });
  return (
    <dl className="node-facts">
      <Fact name={t('frame.node')}>{node.name}</Fact>
      <Fact name={t('frame.engine')}>{word}</Fact>
      <Fact name={t('frame.bus')}>{t('frame.busNone')}</Fact>
      <Fact name={t('frame.version')}>{t('frame.versionOn', node)}</Fact>
      <Fact name={t('frame.upSince')}>
        <Ago at={node.startedAt} />
      </Fact>
      <Fact name={t('frame.clock')}>{clock}</Fact>
      <Fact name={t('frame.dataFolder')}>
        <span className="mono">{node.dataFolder}</span>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactElement | string }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
