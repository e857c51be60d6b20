import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.ts';
import { useLiveRuns } from '../client/use-connection.ts';
import { runTitle } from '../ui/run-title.ts';
import { pageAt } from './pages.ts';

const longestName = 60;

/** The title names the page and how many runs are live, for the list of windows or tabs: `(3) #12 deploy · Drover`. */
export function useTitle(path: string): void {
  const { t } = useTranslation();
  const count = useLiveRuns().length;
  const no = Number(/^\/runs\/(\d{1,15})$/.exec(path)?.[1] ?? 0);
  // The page of the run asks the same, so that nothing is asked twice.
  const { data } = useCall('run.get', { run: no }, { enabled: no > 0 });
  const name = data ? ` ${runTitle(data.run).slice(0, longestName)}` : '';
  const page = no > 0 ? `#${no}${name}` : t(`pages.${pageAt(path)?.key ?? 'quick'}`);
  useEffect(() => {
    document.title = count > 0 ? t('titleLive', { page, count }) : t('title', { page });
  }, [t, page, count]);
}
