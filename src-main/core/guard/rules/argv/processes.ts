import type { ArgvRule } from '../rule.ts';

const core = 'systemd|init|systemd-logind|systemd-journald|systemd-udevd|dbus-daemon|dbus-broker|launchd';

export const processRules: readonly ArgvRule[] = [
  {
    id: 'proc.kill.all',
    level: 'forbid',
    say: 'Ends every process of the machine.',
    tools: 'kill',
    args: /(^|\s)-1\s*$|\s--\s+-1(\s|$)|^(-\w+\s+|-s\s+\w+\s+|-n\s+\d+\s+)(-1|.*\s-1)(\s|$)/,
    unless: /^-1\s+[^-]|^-1$|^-l/,
    stops: ['kill -9 -1', 'kill -KILL -- -1', 'kill -s TERM -1'],
    passes: ['kill -1 4711', 'kill -l', 'kill -HUP 4711'],
  },
  {
    id: 'proc.kill.init',
    level: 'forbid',
    say: 'Ends the first process, and the machine with it.',
    tools: 'kill',
    args: /(^|\s)1(\s|$)/,
    unless: /(^|\s)-(0|l|L)(\s|$)|(^|\s)(-s|-n)\s+1(\s+\d{2,})?$|^-(HUP|SIGHUP|1|s HUP) 1$/,
    stops: ['kill -KILL 1', 'kill 1', 'kill -9 $(pidof systemd)'],
    passes: ['kill -0 1', 'kill 4711', 'kill -9 1234'],
  },
  {
    id: 'proc.kill.every',
    level: 'forbid',
    say: 'Ends every process of the machine.',
    tools: 'killall5',
    unless: /(^|\s)-(0|18|CONT|SIGCONT)(\s|$)/,
    stops: ['killall5 -9', 'killall5', 'sudo killall5 -15'],
    passes: ['killall5 -0', 'killall nginx', 'man killall5'],
  },
  {
    id: 'proc.kill.core',
    level: 'forbid',
    say: 'Ends processes without which the machine does not work.',
    tools: 'pkill killall skill',
    args: new RegExp(
      `(^|\\s|\\^)(${core}|\\.|\\.\\*|\\^|\\*|''|"")(\\$)?(\\s|$)|(^|\\s)(-u|-U|--user|--euid)[\\s=]*(root|0)(\\s|$)|(^|\\s)-v(\\s|$)`,
    ),
    unless: /(^|\s)-(0|l|HUP|SIGHUP|USR1)(\s|$)|(^|\s)-\S*\b(u|U)\s*root\s+[a-z]/,
    stops: ['killall -9 systemd', 'pkill -9 .', 'pkill -KILL -u root'],
    passes: ['pkill -f myapp.jar', 'killall -HUP nginx', 'pkill -u app worker'],
  },
  {
    id: 'proc.kill.login',
    level: 'confirm',
    say: 'Ends the service by which this machine is reached.',
    tools: 'pkill killall skill kill',
    args: /(^|\s|\^)(sshd|dropbear|NetworkManager|systemd-networkd|dhclient|wpa_supplicant|openvpn|tailscaled|wireguard)(\$)?(\s|$)/,
    unless: /(^|\s)-(0|HUP|SIGHUP|1)(\s|$)/,
    stops: ['pkill -9 sshd', 'killall sshd', 'pkill NetworkManager'],
    passes: ['pkill -HUP sshd', 'pgrep sshd', 'killall ssh-agent'],
  },
];
