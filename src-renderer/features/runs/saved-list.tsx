import { Button, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconLink, IconPencil, IconTrash } from '@tabler/icons-react';
import { type ReactElement, use, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from '../../ui/copy-text.ts';
import { Close } from '../../ui/dropdown.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { tell } from '../../ui/tell.ts';
import { isDefaultFilter, type RunFilter } from './run-filter.ts';
import {
  isSaved,
  readSavedFilters,
  renamedFilter,
  type SavedFilter,
  withFilter,
  withoutFilter,
} from './saved-filters.ts';
import { useLinkTo } from './use-link-to.ts';

type SavedListProps = { filter: RunFilter; onChange: (filter: RunFilter) => void };

/** The filters of this browser: a click applies one; the present one is kept under a name. */
export function SavedList({ filter, onChange }: SavedListProps): ReactElement {
  const { t } = useTranslation();
  const [stored, store] = useLocalStorage<readonly SavedFilter[]>({ key: 'drover-run-filters', defaultValue: [] });
  const filters = readSavedFilters(stored);
  return (
    <>
      {filters.length === 0 && <p className="quiet">{t('runFilters.none')}</p>}
      {filters.length > 0 && (
        <ul aria-label={t('runFilters.menu')}>
          {filters.map((saved) => (
            <SavedLine
              key={saved.name}
              saved={saved}
              onApply={() => onChange(saved.filter)}
              onRename={(to) => store(renamedFilter(filters, { from: saved.name, to }))}
              onRemove={() => {
                store(withoutFilter(filters, saved.name));
                tell({ message: t('runFilters.removed', { name: saved.name }) });
              }}
            />
          ))}
        </ul>
      )}
      {isDefaultFilter(filter) ? (
        <p className="quiet">{t('runFilters.nothing')}</p>
      ) : (
        <NameForm
          first=""
          label={t('runFilters.saveNow')}
          replaces={(name) => isSaved(filters, name)}
          onName={(name) => store(withFilter(filters, { name, filter }))}
        />
      )}
    </>
  );
}

type LineProps = { saved: SavedFilter; onApply: () => void; onRename: (to: string) => void; onRemove: () => void };

function SavedLine({ saved, onApply, onRename, onRemove }: LineProps): ReactElement {
  const { t } = useTranslation();
  const close = use(Close);
  const linkTo = useLinkTo();
  const { name, filter } = saved;
  const [isRenaming, setRenaming] = useState(false);
  if (isRenaming) {
    return (
      <li>
        <NameForm
          first={name}
          label={t('runFilters.saveNow')}
          onName={(to) => {
            onRename(to);
            setRenaming(false);
          }}
        />
      </li>
    );
  }
  return (
    <li>
      <button
        type="button"
        className="saved-apply"
        aria-label={t('runFilters.apply', { name })}
        title={Object.values(filter).join(' · ') || t('runFilters.everything')}
        onClick={() => {
          close();
          onApply();
        }}
      >
        {name}
      </button>
      <IconButton
        size={24}
        label={t('runFilters.link', { name })}
        onClick={() => void copyText(linkTo(filter), t('runFilters.linkCopied'))}
      >
        <IconLink size={14} stroke={1.6} />
      </IconButton>
      <IconButton size={24} label={t('runFilters.rename', { name })} onClick={() => setRenaming(true)}>
        <IconPencil size={14} stroke={1.6} />
      </IconButton>
      <IconButton size={24} label={t('runFilters.remove', { name })} onClick={onRemove}>
        <IconTrash size={14} stroke={1.6} />
      </IconButton>
    </li>
  );
}

type NameFormProps = {
  first: string;
  label: string;
  /** Whether a filter of this name would give way. */
  replaces?: (name: string) => boolean;
  onName: (name: string) => void;
};

function NameForm({ first, label, replaces, onName }: NameFormProps): ReactElement {
  const { t } = useTranslation();
  const [name, setName] = useState(first);
  return (
    <form
      className="saved-new"
      onSubmit={(event) => {
        event.preventDefault();
        onName(name);
        setName('');
      }}
    >
      <TextInput
        aria-label={t('runFilters.name')}
        placeholder={t('runFilters.save')}
        maxLength={60}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={name.trim() === ''}>
        {replaces?.(name) ? t('runFilters.replace') : label}
      </Button>
    </form>
  );
}
