import type { Archive, StoredSession } from '#core/ports';
import type { MemoryWriting } from './memory-targets.ts';

type Sessions = Pick<Archive, 'saveSession' | 'findSession' | 'listSessions' | 'updateSession'>;

/** The archive's sessions of the console. */
export class MemorySessions implements Sessions {
  readonly #writing: MemoryWriting;
  readonly #stored = new Map<string, StoredSession>();

  constructor(writing: MemoryWriting) {
    this.#writing = writing;
  }

  saveSession: Sessions['saveSession'] = (session) =>
    this.#writing.write('saveSession', () => void this.#stored.set(session.id, session));

  findSession: Sessions['findSession'] = (secretSha256) =>
    [...this.#stored.values()].find((session) => session.secretSha256 === secretSha256);

  listSessions: Sessions['listSessions'] = (userId) =>
    [...this.#stored.values()].filter((session) => session.userId === userId);

  updateSession: Sessions['updateSession'] = (id, change) =>
    this.#writing.write('updateSession', () => {
      const session = this.#stored.get(id);
      if (session) {
        this.#stored.set(id, { ...session, ...change });
      }
    });
}
