import type { ArgvRule } from '../rule.ts';

const core =
  'libc6|glibc\\S*|musl|systemd(-sysv|-udev|-libs)?|sysvinit\\S*|init|bash|dash|coreutils|util-linux|dpkg|apt|rpm|yum|dnf|pacman|linux-image\\S*|linux-(amd64|generic|virtual)|kernel\\S*|linux|grub\\S*|shim\\S*|openssl-libs|libssl\\S*|zlib1?g?|passwd|login|shadow(-utils)?|base-files|base-passwd|filesystem|setup|sudo|pam|libpam\\S*|udev|dbus|libsystemd0|initramfs-tools|dracut|e2fsprogs|mount|perl-base|sed|grep|tar|gzip|findutils|openssh(-server)?|network-manager|NetworkManager|netplan\\.io|ifupdown|iproute2?|python3(-minimal)?|ncurses\\S*|busybox|alpine-base\\S*|basesystem|base';
const removes = 'remove|purge|erase|autoremove|uninstall|del|rm|-e|--erase|-r|-P|--purge|--remove|-R\\w*|--delete';

export const packageRules: readonly ArgvRule[] = [
  {
    id: 'pkg.core.remove',
    level: 'forbid',
    say: 'Removes packages that the system cannot live without.',
    tools: 'apt apt-get aptitude yum dnf dnf5 microdnf zypper rpm dpkg pacman apk tdnf swupd emerge xbps-remove opkg',
    args: new RegExp(`(^|\\s)(${removes})(\\s+\\S+)*?\\s+(${core})(:\\w+)?(\\s|$)|(^|\\s)(${core})-(\\s|$)`),
    unless: /(^|\s)(-s|--simulate|--dry-run|--just-print|--test|--assumeno|--print|-h|--help|download|show|-p)(\s|$)/,
    stops: ['apt-get purge -y systemd', 'dnf remove -y bash', 'pacman -Rns glibc'],
    passes: ['apt-get remove -y htop', 'dpkg -l systemd', 'apt-get -s remove bash'],
  },
  {
    id: 'pkg.core.everything',
    level: 'forbid',
    say: 'Removes packages without asking what needs them, or all of them.',
    tools: 'apt apt-get aptitude yum dnf rpm dpkg zypper pacman apk',
    args: new RegExp(
      `(^|\\s)(${removes})\\s(.*\\s)?('?\\.\\*'?|\\*|~i|\\?installed)(\\s|$)|--allow-remove-essential|--force-all|--force-remove-essential|--force-remove-reinstreq.*(-P|--purge|-r)|(-e|--erase)\\s.*--nodeps|--nodeps.*\\s(-e|--erase)\\s|-R\\w*dd|--setopt=protected_packages=`,
    ),
    stops: ['apt-get purge -y ".*"', 'rpm -e --nodeps zlib-devel', 'dpkg --purge --force-all libx'],
    passes: ['dpkg -i --force-confold x.deb', 'rpm -qa', 'apt-get autoremove -y'],
  },
];
