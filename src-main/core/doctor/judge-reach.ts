import type { Finding, SshFacts, Surroundings } from '#core/ports-doctor';
import { count, doubtful, fine, wrong } from './findings.ts';

const mostTold = 3;

export function judgeSsh(facts: SshFacts): Finding[] {
  return [judgeSshConfig(facts), judgeKnownHosts(facts), judgeAgent(facts)];
}

function judgeSshConfig({ problem, names, unused }: SshFacts): Finding {
  const check = 'ssh-config';
  if (problem !== null) {
    return wrong(check, `${problem}; nothing is reached while it stands so`, 'Correct that line');
  }
  const seen = `${count(names, 'name')} in ssh_config`;
  if (unused.length === 0) {
    return fine(check, seen);
  }
  const more = unused.length > mostTold ? ` and ${unused.length - mostTold} more` : '';
  return doubtful(
    check,
    `${seen}; not used: ${unused.slice(0, mostTold).join(', ')}${more}`,
    'Drover runs no commands of ssh_config and knows no Match exec: say it another way, or set it on the target',
  );
}

function judgeKnownHosts({ knownHosts }: SshFacts): Finding {
  const check = 'known-hosts';
  const broken = knownHosts.find(({ problem }) => problem !== null);
  if (broken) {
    return wrong(
      check,
      `${broken.path} cannot be read (${broken.problem}); no host key is accepted by it`,
      'Make it a readable file, or remove it',
    );
  }
  const keys = knownHosts.reduce((sum, file) => sum + file.keys, 0);
  const strange = knownHosts.find(({ ignored }) => ignored.length > 0);
  const seen = `${count(keys, 'key')} in ${count(knownHosts.length, 'file')}, beside those of drover hostkey ls`;
  return strange
    ? doubtful(
        check,
        `${seen}; no key stands in line ${strange.ignored.slice(0, mostTold).join(', ')} of ${strange.path}`,
        'Remove or correct these lines; ssh-keygen -l -f shows what OpenSSH reads',
      )
    : fine(check, seen);
}

function judgeAgent({ agent }: SshFacts): Finding {
  const check = 'ssh-agent';
  switch (agent.kind) {
    case 'none':
      return fine(check, 'None in this environment (SSH_AUTH_SOCK): keys come from files and credentials');
    case 'keys':
      return agent.keys > 0
        ? fine(check, `Answers, with ${count(agent.keys, 'key')}`)
        : doubtful(check, 'Answers, and holds no keys', 'ssh-add adds one');
    case 'silent':
      return doubtful(
        check,
        `SSH_AUTH_SOCK is set, but nobody answers there (${agent.reason})`,
        'Start the agent, or unset SSH_AUTH_SOCK where the engine starts',
      );
  }
}

export function judgeSurroundings({ ansible, holders }: Surroundings): Finding[] {
  return [
    fine('ansible', ansible ?? 'Not installed: only playbooks need it'),
    holders.length > 0
      ? fine('local-scripts', `Held together by: ${holders.join(', ')}`)
      : doubtful(
          'local-scripts',
          'Neither Perl nor control groups are to be had: a process that hides on purpose outlives a stop',
          'Install perl-base, or let this account make control groups (Delegate=yes in the unit)',
        ),
  ];
}
