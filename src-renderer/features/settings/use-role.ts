import { useConnection } from '../../client/use-connection.ts';

const editors = ['editor', 'manager', 'admin', 'owner'];

/** What this session may do here. */
export function useRole(): { isAdmin: boolean; isOwner: boolean; mayEdit: boolean } {
  const role = useConnection().node?.actor.role ?? 'viewer';
  return { isAdmin: role === 'admin' || role === 'owner', isOwner: role === 'owner', mayEdit: editors.includes(role) };
}
