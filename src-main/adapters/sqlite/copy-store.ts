import { ArchiveCopy } from '#contract/copies';
import type { CopyStore, KeptCopy } from '#core/ports-copies';
import type { Writing } from './run-writing.ts';
import type { Store } from './store.ts';

type CopyRow = Omit<ArchiveCopy, 'withKey'> & { readonly withKey: number };

/** A file is named with its folder. */
const columns = `no, began_at AS beganAt, ended_at AS endedAt, asked_by AS askedBy, folder || '/' || file AS file,
  with_key AS withKey, state, bytes, message`;

/** Remembers which copies of the archive were made, so that only those are ever removed. */
export const copyStore = (writing: Writing): CopyStore => ({ ...reading(writing.store), ...changing(writing) });

function reading(store: Store): Pick<CopyStore, 'listCopies' | 'keptCopies' | 'lastCopyDue'> {
  return {
    listCopies: (limit) =>
      store.read('listCopies', () =>
        store
          .statement<[number], CopyRow>(`SELECT ${columns} FROM copies ORDER BY no DESC LIMIT ?`)
          .all(limit)
          .map((row) => ArchiveCopy.parse({ ...row, withKey: row.withKey === 1 })),
      ),
    keptCopies: (folder) =>
      store.read('keptCopies', () =>
        store
          .statement<[string], KeptCopy>(
            `SELECT no, folder || '/' || file AS file, created_at AS createdAt FROM copies
             WHERE state = 'made' AND folder = ? ORDER BY no DESC`,
          )
          .all(folder),
      ),
    lastCopyDue: () =>
      store.read(
        'lastCopyDue',
        () =>
          store
            .statement<[], { due: number | null }>(
              `SELECT max(due_at) AS due FROM copies WHERE state IN ('made', 'removed', 'gone')`,
            )
            .get()?.due ?? 0,
      ),
  };
}

function changing({ store, audit: log }: Writing): Omit<CopyStore, keyof ReturnType<typeof reading>> {
  return {
    beginCopy: (copy) =>
      store.write('beginCopy', 'state', () =>
        Number(
          store
            .statement(
              `INSERT INTO copies (due_at, began_at, asked_by, folder, file, with_key, state, message)
               VALUES (@dueAt, @at, @askedBy, @folder, @file, @withKey, 'running', '')`,
            )
            .run({ ...copy, withKey: copy.withKey ? 1 : 0 }).lastInsertRowid,
        ),
      ),
    endCopy: (no, { at, made, message }, audit) =>
      store.write('endCopy', 'state', () => {
        store
          .statement(
            `UPDATE copies SET state = @state, ended_at = @at, bytes = @bytes, created_at = @createdAt, message = @message
             WHERE no = @no AND state = 'running'`,
          )
          .run({
            no,
            at,
            message,
            state: made ? 'made' : 'failed',
            bytes: made?.bytes ?? null,
            createdAt: made?.createdAt ?? null,
          });
        log.append(audit);
      }),
    dropBrokenCopies: (at, message) =>
      store.write('dropBrokenCopies', 'state', () =>
        store
          .statement<[number, string], { file: string }>(
            `UPDATE copies SET state = 'failed', ended_at = ?, message = ? WHERE state = 'running'
             RETURNING folder || '/' || file AS file`,
          )
          .all(at, message)
          .map(({ file }) => file),
      ),
    markCopy: (no, state) =>
      store.write('markCopy', 'state', () =>
        store.statement<[string, number]>('UPDATE copies SET state = ? WHERE no = ?').run(state, no),
      ),
  };
}
