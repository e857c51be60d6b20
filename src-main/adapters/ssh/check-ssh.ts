import { join } from 'node:path';
import type { SshFacts } from '#core/ports-doctor';
import { readKnownHostsFile } from './known-hosts.ts';
import { loadSsh2 } from './load-ssh2.ts';
import { ConfigFiles } from './ssh-config-files.ts';

type Account = {
  readonly home: string;
  /** Of the ssh-agent; undefined when there is none. */
  readonly agentSocket: string | undefined;
  readonly systemFolder?: string;
};

const agentMs = 2_000;

/** What of OpenSSH's files and agent this account would use. Never rejects. */
export async function checkSsh({ home, agentSocket, systemFolder = '/etc/ssh' }: Account): Promise<SshFacts> {
  const unused: string[] = [];
  const note = (_message: string, { path, line }: Record<string, unknown> = {}): void => {
    if (typeof path === 'string' && typeof line === 'number') {
      unused.push(`line ${line} of ${path}`);
    }
  };
  const log = { debug: note, info: note, warn: note, error: note };
  const { files, problem } = new ConfigFiles({ home, systemFolder, log }).state();
  const paths = ['known_hosts', 'known_hosts2'].map((name) => join(home, '.ssh', name));
  return {
    problem,
    names: new Set(files.flatMap((file) => file.names())).size,
    unused,
    knownHosts: [...paths, join(systemFolder, 'ssh_known_hosts')].flatMap((path) => {
      const facts = readKnownHostsFile(path);
      return facts === null ? [] : [{ path, ...facts }];
    }),
    agent: agentSocket ? await askAgent(agentSocket) : { kind: 'none' },
  };
}

function askAgent(socket: string): Promise<SshFacts['agent']> {
  return new Promise((resolve) => {
    const silent = (reason: string): void => resolve({ kind: 'silent', reason });
    const timer = setTimeout(() => silent('no answer'), agentMs);
    const agent = new (loadSsh2().OpenSSHAgent)(socket);
    agent.getIdentities((error, keys) => {
      clearTimeout(timer);
      if (error) {
        silent((error as NodeJS.ErrnoException).code ?? error.message);
      } else {
        resolve({ kind: 'keys', keys: keys?.length ?? 0 });
      }
    });
  });
}
