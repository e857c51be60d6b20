import type { Role } from '#contract/define';
import { DroverError } from '#contract/errors';
import type { Actor } from '#core/ports';

/** What an action is done to; absent for lists, which show only what the actor may see anyway. */
type AccessObject = { readonly type: string; readonly id: string; readonly teamId: string };

const rank: Record<Role, number> = { public: 0, viewer: 1, operator: 2, editor: 3, manager: 4, admin: 5, owner: 6 };

/** Throws `not-signed-in` without an actor and `access-denied` below the role; foreign and absent objects look the same. */
export function access(actor: Actor | undefined, action: { name: string; role: Role }, object?: AccessObject): void {
  if (action.role === 'public') {
    return;
  }
  if (!actor) {
    throw new DroverError('not-signed-in', 'Sign in first: `drover link` prints a link that opens the console');
  }
  if (rank[actor.role] < rank[action.role]) {
    throw new DroverError('access-denied', `${action.name} needs the role ${action.role}`);
  }
  if (object && object.teamId !== actor.teamId) {
    throw new DroverError('not-found', `No ${object.type} ${object.id}`);
  }
}
