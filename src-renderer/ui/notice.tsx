import { Link } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DroverError } from '#contract/errors';
import { errorWords } from './error-text.ts';
import './notice.css';

type NoticeProps = { kind: 'error' | 'warning' | 'quiet'; title: string; children?: ReactNode; action?: ReactNode };

/** Something the reader must know, where it belongs. */
export function Notice({ kind, title, children, action }: NoticeProps): ReactElement {
  return (
    <div className={`notice notice-${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      <div className="notice-text">
        <strong>{title}</strong>
        {children}
      </div>
      {action}
    </div>
  );
}

/** An expected failure: what it was about, what the engine says, what to do next. */
export function ErrorNotice(props: { error: DroverError; about?: string; action?: ReactNode }): ReactElement {
  const { i18n } = useTranslation();
  const words = errorWords(props.error, i18n);
  return (
    <Notice
      kind="error"
      title={props.about ?? words.what}
      action={props.action ?? wayOut(props.error, i18n.t('common.unlockSecrets'))}
    >
      <span>{words.detail}</span>
      <span className="quiet">{words.next}</span>
    </Notice>
  );
}

/** Locked secrets are opened on a page of their own. */
function wayOut({ code }: DroverError, text: string): ReactNode {
  return code === 'secrets-locked' ? (
    <Link to="/settings/$section" params={{ section: 'secrets' }}>
      {text}
    </Link>
  ) : undefined;
}
