import { useState } from 'react';

const key = 'drover-quick-run';

function read(): number | null {
  const no = Number(sessionStorage.getItem(key));
  return Number.isSafeInteger(no) && no > 0 ? no : null;
}

/** The run whose output stands beside the editor; it is there again after a look at another page. */
export function useShownRun(): readonly [number | null, (no: number | null) => void] {
  const [no, setNo] = useState(read);
  return [
    no,
    (next) => {
      setNo(next);
      if (next === null) {
        sessionStorage.removeItem(key);
      } else {
        sessionStorage.setItem(key, String(next));
      }
    },
  ];
}
