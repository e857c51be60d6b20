import { useLocalStorage } from '@mantine/hooks';
import { IconChevronsLeft, IconChevronsRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { CrookMark } from '../ui/crook-mark.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { pages } from './pages.ts';

const icon = { size: 18, stroke: 1.6, 'aria-hidden': true };

export function Rail(): ReactElement {
  const { t } = useTranslation();
  const [narrow, setNarrow] = useLocalStorage({ key: 'drover-rail-narrow', defaultValue: false });
  return (
    <nav className={narrow ? 'rail rail-narrow' : 'rail'} aria-label={t('frame.pages')}>
      <div className="rail-mark">
        <CrookMark size={22} />
        <span className="rail-word">{t('product')}</span>
      </div>
      <ul>
        {pages.map(({ path, key, Icon }) => (
          <li key={key}>
            <Link
              to={path}
              className="rail-link"
              activeProps={{ 'aria-current': 'page' }}
              aria-label={t(`pages.${key}`)}
              title={narrow ? t(`pages.${key}`) : undefined}
            >
              <Icon {...icon} />
              <span className="rail-word">{t(`pages.${key}`)}</span>
            </Link>
          </li>
        ))}
      </ul>
      <IconButton
        className="rail-fold"
        label={narrow ? t('frame.expand') : t('frame.collapse')}
        aria-expanded={!narrow}
        onClick={() => setNarrow(!narrow)}
      >
        {narrow ? <IconChevronsRight size={16} stroke={1.6} /> : <IconChevronsLeft size={16} stroke={1.6} />}
      </IconButton>
    </nav>
  );
}
