import { Button } from '@mantine/core';
import { IconArrowBarToDown } from '@tabler/icons-react';
import { type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run, Stream } from '#contract/run';
import { isFinal } from '../../client/live-runs.ts';
import type { TerminalHandle } from '../../ui/terminal-view.tsx';
import type { Output } from './use-output.ts';

type StateProps = {
  run: Run | undefined;
  output: Output;
  stream: Stream | 'both';
  following: boolean;
  terminal: { readonly current: TerminalHandle | null };
};

/** What the terminal cannot say by itself: nothing yet, nothing at all, more below. */
export function OutputState(props: StateProps): ReactElement | null {
  const { info } = props.output;
  if (info.count === 0) {
    return <NothingYet run={props.run} stream={props.stream} ended={info.ended} />;
  }
  return props.following && info.atEnd ? null : <MoreBelow {...props} />;
}

const sayAfterMs = 300;

function NothingYet(props: { run: Run | undefined; stream: Stream | 'both'; ended: boolean }): ReactElement | null {
  const { t } = useTranslation();
  const { run, stream, ended } = props;
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), sayAfterMs);
    return () => clearTimeout(timer);
  }, []);
  if (run?.purged) {
    return <p className="output-nothing">{t('purged.none')}</p>;
  }
  if (ended) {
    const name = t(stream === 'out' ? 'output.onlyOut' : 'output.onlyErr');
    const words = stream === 'both' ? t('output.none') : t('output.noneOnStream', { stream: name });
    return <p className="output-nothing">{words}</p>;
  }
  const words = t(run?.status === 'pending' ? 'output.waiting' : 'output.noneYet');
  return late ? <p className="output-nothing">{words}</p> : null;
}

function MoreBelow({ run, output, terminal }: StateProps): ReactElement {
  const { t } = useTranslation();
  const { atEnd } = output.info;
  const toEnd = (): void => {
    if (atEnd) {
      terminal.current?.scrollToEnd();
    } else {
      output.reader()?.start();
    }
  };
  return (
    <div className="output-below">
      {!atEnd && (
        <Button variant="default" size="compact-sm" onClick={() => void output.reader()?.later()}>
          {t('output.loadLater')}
        </Button>
      )}
      <Button
        size="compact-sm"
        leftSection={<IconArrowBarToDown size={14} stroke={1.8} />}
        title={run && !isFinal(run) ? t('output.paused') : undefined}
        onClick={toEnd}
      >
        {t('output.jumpEnd')}
      </Button>
    </div>
  );
}
