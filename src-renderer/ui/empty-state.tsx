import type { ReactElement, ReactNode } from 'react';
import './notice.css';

/** A place with nothing in it says why, and offers what to do. */
export function EmptyState(props: { title: string; text: string; children?: ReactNode }): ReactElement {
  return (
    <div className="empty">
      <h2>{props.title}</h2>
      <p>{props.text}</p>
      {props.children}
    </div>
  );
}
