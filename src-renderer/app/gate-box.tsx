import type { ReactElement, ReactNode } from 'react';
import { CrookMark } from '../ui/crook-mark.tsx';

/** A page outside the frame, before somebody is let in. */
export function GateBox({ title, children }: { title: string; children: ReactNode }): ReactElement {
  return (
    <main className="gate">
      <div className="gate-box">
        <span style={{ color: 'var(--accent)' }}>
          <CrookMark size={28} />
        </span>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
