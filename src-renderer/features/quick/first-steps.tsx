import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScriptType } from '#contract/run';
import { samples } from './samples.ts';

type FirstStepsProps = {
  language: ScriptType;
  onUse: (text: string) => void;
  /** Runs it on the machine Drover runs on. */
  onRunHere: (text: string) => void;
};

/** Before the first run an empty editor shows a harmless script of the chosen language, to be used or run by one click. */
export function FirstSteps({ language, onUse, onRunHere }: FirstStepsProps): ReactElement {
  const { t } = useTranslation();
  const text = samples[language];
  return (
    <section className="first-steps" aria-label={t('quick.firstTitle')}>
      <p>{t('quick.firstText', { language: t(`language.${language}`) })}</p>
      <pre>{text.trimEnd()}</pre>
      <div className="first-actions">
        <Button variant="default" onClick={() => onUse(text)}>
          {t('quick.firstUse')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={14} stroke={1.6} aria-hidden="true" />}
          onClick={() => onRunHere(text)}
        >
          {t('quick.firstRun')}
        </Button>
      </div>
    </section>
  );
}
