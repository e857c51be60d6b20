import { useRouter } from '@tanstack/react-router';
import type { RunFilter } from './run-filter.ts';

/** The address of a list with this filter, for everybody who may enter this node. */
export function useLinkTo(): (filter: RunFilter) => string {
  const router = useRouter();
  return (filter) => {
    const { publicHref } = router.buildLocation({ to: '/runs', search: filter });
    return `${window.location.href.split('#')[0]}#${publicHref.replace(/^.*#/, '')}`;
  };
}
