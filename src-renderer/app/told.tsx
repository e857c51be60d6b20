import { IconAlertTriangle, IconX } from '@tabler/icons-react';
import { type ReactElement, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../ui/icon-button.tsx';
import { toldNotes } from '../ui/told-notes.ts';
import './told.css';

/** What was just done, in the free part of the top bar; it waits while somebody points at it. */
export function BriefNote(): ReactElement {
  const brief = useSyncExternalStore(toldNotes.subscribe, () => toldNotes.brief);
  return (
    // There before it says something: screen readers read what changes.
    <div className="brief-place" role="status">
      {brief && (
        <span key={brief.id} className="brief" onMouseEnter={toldNotes.hold} onMouseLeave={toldNotes.release}>
          {brief.title !== undefined && <strong>{brief.title}</strong>}
          <span>{brief.message}</span>
        </span>
      )}
    </div>
  );
}

/** What has failed, below the page and never over it, until somebody closes it. */
export function ErrorNotes(): ReactElement | null {
  const { t } = useTranslation();
  const errors = useSyncExternalStore(toldNotes.subscribe, () => toldNotes.errors);
  if (errors.length === 0) {
    return null;
  }
  return (
    <section className="error-notes" aria-label={t('frame.errors')}>
      {errors.map(({ id, title, message }) => (
        <div key={id} className="error-note" role="alert">
          <IconAlertTriangle size={16} stroke={1.6} aria-hidden="true" />
          <span>
            {title !== undefined && <strong>{title}</strong>}
            <span>{message}</span>
          </span>
          <IconButton label={t('common.close')} onClick={() => toldNotes.close(id)}>
            <IconX size={16} stroke={1.6} />
          </IconButton>
        </div>
      ))}
    </section>
  );
}
