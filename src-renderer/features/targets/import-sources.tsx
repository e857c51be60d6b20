import { Button } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportSource } from '#contract/target';
import { useCall } from '../../client/use-call.ts';

type SourcesProps = { onTake: (text: string, format: ImportSource['format']) => void };

/** Files of the account Drover runs as; only its owner is asked to see them. */
export function ImportSources({ onTake }: SourcesProps): ReactElement {
  const { t } = useTranslation();
  const { data } = useCall('target.importSources', {}, { staleTime: 0 });
  return (
    <>
      {data?.sources.map(({ path, text, format }) => (
        <Button key={path} variant="default" onClick={() => onTake(text, format)}>
          {t('targets.takeFile', { path })}
        </Button>
      ))}
    </>
  );
}
