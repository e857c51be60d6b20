import { Button, useMantineColorScheme } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { densities, setDensity, useDensity } from '../../app/density.ts';
import { startTour } from '../../app/tour-store.ts';
import { ChoiceBar } from '../../ui/choice-bar.tsx';
import { tell } from '../../ui/tell.ts';

const schemes = ['light', 'dark', 'auto'] as const;

/** How the console looks in this browser. */
export function AppearanceSection(): ReactElement {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const density = useDensity();
  return (
    <>
      <p className="quiet">{t('settings.appearance.here')}</p>
      <dl className="settings-facts">
        <div>
          <dt>{t('settings.appearance.theme')}</dt>
          <dd>
            <ChoiceBar
              label={t('settings.appearance.theme')}
              value={colorScheme}
              choices={schemes.map((value) => ({ value, label: t(`settings.appearance.${value}`) }))}
              onChange={setColorScheme}
            />
          </dd>
        </div>
        <div>
          <dt>{t('settings.appearance.density')}</dt>
          <dd>
            <ChoiceBar
              label={t('settings.appearance.density')}
              value={density}
              choices={densities.map((value) => ({ value, label: t(`settings.appearance.${value}`) }))}
              onChange={setDensity}
            />
          </dd>
        </div>
        <div>
          <dt>{t('settings.appearance.steps')}</dt>
          <dd>
            <Button variant="default" onClick={startTour}>
              {t('settings.appearance.showSteps')}
            </Button>
          </dd>
        </div>
        <div>
          <dt>{t('settings.appearance.layouts')}</dt>
          <dd>
            <Button
              variant="default"
              onClick={() => {
                forgetLayouts();
                tell({ message: t('settings.appearance.layoutsReset') });
              }}
            >
              {t('settings.appearance.resetLayouts')}
            </Button>
          </dd>
        </div>
      </dl>
    </>
  );
}

function forgetLayouts(): void {
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith('drover-table-'))) {
    localStorage.removeItem(key);
  }
}
