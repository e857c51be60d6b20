import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import ssh2, { type Session } from 'ssh2';
import { afterEach, describe, expect, it } from 'vitest';
import type { ExecResult, PlannedHost } from '#core/ports';
import { createSsh, type Ssh } from '#adapters/ssh/ssh-exec';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { newTestKey } from '../../support/ssh-keys.ts';
import { shellPlan } from './ssh-bench.ts';

const ending: (() => unknown)[] = [];
afterEach(() => {
  ending.splice(0).forEach((end) => end());
});

/** A far side that lets everybody in and then does with a session what `act` says. */
async function hostile(act: (session: Session) => void): Promise<{ run: () => Promise<ExecResult> }> {
  const server = new ssh2.Server({ hostKeys: [newTestKey().privateKey] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (context) => context.accept());
    client.on('session', (accept) => act(accept()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ssh: Ssh = createSsh({
    logins: {
      open: () => ({ keys: [], password: 'x', becomePassword: null, agent: false, identityFiles: [], print: 'x' }),
    },
    hostKeys: { trusted: () => [], offer: () => undefined, accept: () => undefined },
    knownHosts: { find: () => ({ trusted: [], revoked: [], hasAuthority: false, unreadable: null }) },
    agentSocket: undefined,
    log: new CollectingLog(),
    limits: () => ({ loginMs: 700 }),
  });
  ending.push(
    () => ssh.close(),
    () => server.close(),
  );
  const reach = { port, user: 'x', login: { kind: 'given' }, jumps: [], become: null, weakAlgorithms: false } as const;
  const target: PlannedHost = {
    host: 0,
    targetId: null,
    name: 'hostile',
    address: '127.0.0.1',
    os: 'linux',
    connection: 'ssh',
    reach: { ...reach, hostKeys: 'accept-new' },
  };
  const never = new AbortController().signal;
  const request = { runId: 'run', target, launch: shellPlan('echo x'), environment: {}, stdin: null };
  return { run: () => ssh.exec.run(request, () => undefined, { term: never, kill: never }) };
}

describe('a far side that means harm', () => {
  it('holds nobody by never answering, and nothing counts as sent', async () => {
    const { run } = await hostile((session) => session.on('exec', () => undefined));
    expect(await run()).toMatchObject({
      kind: 'failed',
      reason: 'unreachable',
      message: expect.stringContaining('started no shell within 0.7 s') as string,
    });
  });

  it('is not believed when it ends well without having run anything', async () => {
    const { run } = await hostile((session) =>
      session.on('exec', (accept) => {
        const channel = accept();
        channel.write('all done\n');
        channel.exit(0);
        channel.end();
      }),
    );
    expect(await run()).toMatchObject({ kind: 'failed', reason: 'no-interpreter' });
  });
});
