import { type ReactElement, useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { plainText } from '../../ui/terminal-lines.ts';
import type { Output } from './use-output.ts';

const echoedLines = 100;
const everyMs = 250;

/** The last lines as text, for screen readers: the terminal itself is only drawn. */
export function OutputEcho({ output }: { output: Output }): ReactElement {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const { count } = output.info;
  const last = output.loaded().at(-1)?.seq ?? 0;
  // The lines themselves live outside of React; their number tells that they have changed.
  const read = useEffectEvent(() => setText(plainText(output.loaded().slice(-echoedLines))));
  useEffect(() => {
    const timer = setTimeout(() => read(), everyMs);
    return () => clearTimeout(timer);
  }, [count, last]);
  return (
    <div className="unseen" role="log" aria-label={t('output.text')}>
      {text}
    </div>
  );
}
