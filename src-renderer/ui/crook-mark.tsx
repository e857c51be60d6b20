import type { ReactElement } from 'react';

/** Drover's mark: a shepherd's crook. */
export function CrookMark({ size = 20 }: { size?: number }): ReactElement {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M8.5 22V8.2a5.1 5.1 0 0 1 10.2 0c0 2.2-1.3 3.7-3.1 3.7-1.5 0-2.5-1-2.5-2.3 0-1.1.8-1.9 1.8-1.9" />
    </svg>
  );
}
