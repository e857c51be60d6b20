import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openArchive } from '#adapters/sqlite/sqlite-archive';
import type { Actor, NewRun } from '#core/ports';

/** What the archive had acknowledged: told only after the call has returned. */
export type Told =
  | { readonly kind: 'run'; readonly id: string; readonly no: number }
  | { readonly kind: 'moved'; readonly id: string; readonly status: string }
  | { readonly kind: 'result'; readonly id: string; readonly host: number; readonly message: string }
  | { readonly kind: 'output'; readonly id: string; readonly lastSeq: number }
  | { readonly kind: 'audit'; readonly rows: number };

/** Line `seq` of every run. */
export const lineText = (seq: number): string => `line ${seq} ${'x'.repeat(seq % 50)}`;

const tell = (told: Told): void => void writeSync(1, `${JSON.stringify(told)}\n`);
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Writes runs, results, output and audit rows for ever, to be killed. */
function write(dataDir: string): never {
  const archive = openArchive({ dataDir, log: silent, now: Date.now, ids: { next: randomUUID }, appVersion: '0.1.0' });
  const { teamId, userId } = archive.builtIn;
  const actor: Actor = {
    userId,
    name: 'owner',
    role: 'owner',
    teamId,
    team: 'Default',
    origin: { transport: 'engine', address: '' },
    sessionId: null,
  };
  let rows = archive.verifyAudit().rows;
  for (;;) {
    const run: NewRun = {
      id: randomUUID(),
      name: '',
      summary: 'x',
      phase: 'queued',
      source: 'manual',
      executor: { userId, name: 'owner', role: 'owner', teams: [] },
      teamId,
      createdBy: userId,
      selector: 'all',
      task: {
        type: 'script',
        language: 'shell',
        text: 'x',
        args: [],
        environment: {},
        parameters: {},
        noParameters: false,
      },
      options: { timeoutS: 1, deadlineS: 0, concurrency: 1, pauseS: 0, tolerate: '0' },
      finalText: 'x',
      textSha256: '',
      planSha256: '',
      leftAlone: [],
      rerunOf: null,
      createdAt: Date.now(),
    };
    const audit = { actor, action: 'run.start', objectType: 'run', objectId: run.id, detail: {} };
    const plan = Array.from({ length: 20 }, (_, host) => ({
      host,
      targetId: null,
      name: `h${host}`,
      address: 'localhost',
      os: 'linux' as const,
      connection: 'local' as const,
      reach: null,
    }));
    tell({ kind: 'run', id: run.id, no: archive.createRun(run, plan, audit).no });
    rows += 1;
    tell({ kind: 'audit', rows });
    archive.moveRun(run.id, 'pending', { status: 'running', phase: 'running' });
    tell({ kind: 'moved', id: run.id, status: 'running' });
    for (const { host } of plan) {
      archive.startHost(run.id, host, Date.now());
      const first = host * 30 + 1;
      const bytes = Buffer.from(Array.from({ length: 30 }, (_, at) => `${lineText(first + at)}\n`).join(''));
      const lastSeq = archive.appendOutput(run.id, [
        { host, attempt: 1, stream: 'out', firstN: 1, slices: 30, at: Date.now(), bytes },
      ]);
      tell({ kind: 'output', id: run.id, lastSeq });
      const message = randomUUID();
      archive.finishHost(run.id, host, {
        status: 'success',
        reason: null,
        message,
        exitCode: 0,
        stopped: null,
        endedAt: Date.now(),
        durationMs: 1,
        out: { omitted: 0, sha256: null },
        err: { omitted: 0, sha256: null },
      });
      tell({ kind: 'result', id: run.id, host, message });
    }
    archive.moveRun(run.id, 'running', { status: 'success', phase: 'ok' }, { ...audit, action: 'run.end' });
    tell({ kind: 'moved', id: run.id, status: 'success' });
    rows += 1;
    tell({ kind: 'audit', rows });
    archive.packOutput(run.id);
  }
}

const [, file, dataDir] = process.argv;
if (file?.endsWith('archive-writer.ts') && dataDir !== undefined) {
  write(dataDir);
}
