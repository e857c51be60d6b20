import { Notifications } from '@mantine/notifications';
import type { ReactElement } from 'react';

/** Where what is said in passing appears. */
export function Toasts(): ReactElement {
  return <Notifications position="bottom-right" limit={3} transitionDuration={100} />;
}
