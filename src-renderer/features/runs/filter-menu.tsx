import { Button } from '@mantine/core';
import { IconBookmark } from '@tabler/icons-react';
import { type ReactElement, use } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from '../../ui/copy-text.ts';
import { Close, Dropdown } from '../../ui/dropdown.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import type { RunFilter } from './run-filter.ts';
import { SavedList } from './saved-list.tsx';
import { useLinkTo } from './use-link-to.ts';

type MenuProps = { filter: RunFilter; onChange: (filter: RunFilter) => void };

/** Filters kept under a name in this browser, and the present one as a link. */
export function FilterMenu(props: MenuProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Dropdown
      role="dialog"
      label={t('runFilters.menu')}
      align="end"
      trigger={
        <IconButton label={t('runFilters.menu')}>
          <IconBookmark size={16} stroke={1.6} />
        </IconButton>
      }
    >
      <div className="saved-filters">
        <SavedList {...props} />
        <CopyLink filter={props.filter} />
      </div>
    </Dropdown>
  );
}

function CopyLink({ filter }: { filter: RunFilter }): ReactElement {
  const { t } = useTranslation();
  const close = use(Close);
  const linkTo = useLinkTo();
  return (
    <div className="saved-copy">
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => {
          close();
          void copyText(linkTo(filter), t('runFilters.linkCopied'));
        }}
      >
        {t('runs.copyFilterLink')}
      </Button>
    </div>
  );
}
