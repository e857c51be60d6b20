import type { ArgvRule } from '../rule.ts';

export const systemRules: readonly ArgvRule[] = [
  {
    id: 'mount.root',
    level: 'confirm',
    say: 'Puts another root in the place of the one the system runs from.',
    tools: 'pivot_root switch_root ostree rpm-ostree transactional-update',
    args: /^(\/|\.|rebase|reset|rollback|cleanup -b|uninstall)/,
    stops: ['pivot_root /tmp/new /tmp/new/old', 'switch_root /mnt /sbin/init', 'rpm-ostree rollback'],
    passes: ['rpm-ostree status', 'ostree log x', 'findmnt /'],
  },
  {
    id: 'mount.all',
    level: 'confirm',
    say: 'Takes every file system away that is not in use, some of them needed later.',
    tools: 'umount',
    args: /(^|\s)(-\w*a\w*|--all|--all-targets)(\s|$)/,
    unless: /(^|\s)(-t|-O|--types)\s|\/mnt\//,
    stops: ['umount -a', 'umount -af', 'umount --all'],
    passes: ['umount /mnt/usb', 'umount -a -t nfs', 'mount -a'],
  },
  {
    id: 'forkbomb.xargs',
    level: 'confirm',
    say: 'Starts programs in the background without a limit.',
    tools: 'xargs parallel',
    args: /(-P\s*0|--max-procs[= ]0|-j\s*0)\b.*\bsh\s+-c\s.*(?<!&)&(?!&)/,
    stops: [
      "yes | xargs -P0 -I{} sh -c 'sleep 1000 &'",
      'cat x | xargs -P 0 sh -c "x &"',
      'seq 9 | xargs --max-procs=0 sh -c "sleep 9 &"',
    ],
    passes: ['ls | xargs -P 4 -n 1 gzip', 'ls | xargs -P 0 gzip', "cat x | xargs -P 0 -I{} sh -c 'a && b'"],
  },
  {
    id: 'exec.opaque.insert',
    level: 'confirm',
    say: 'Loads code into the kernel.',
    tools: 'insmod bpftool kpatch',
    args: /^\/(tmp|var\/tmp|dev\/shm|home)\/|^\.\/|(^|\s)(load|loadall)\s/,
    stops: ['insmod /tmp/x.ko', 'insmod ./rootkit.ko', 'kpatch load x.ko'],
    passes: ['lsmod', 'bpftool prog list', 'insmod /lib/modules/x/a.ko'],
  },
  {
    id: 'fs.overwrite.settings',
    level: 'confirm',
    say: 'Overwrites how names and libraries are found, and nothing may start any more.',
    tools: 'ldconfig update-alternatives patchelf',
    args: /(^|\s)(-r\s|--remove-all\s+(sh|python3?|editor|iptables)|--remove\s+(sh|python3)\s|--set-interpreter\s.*\/(bin|lib)\/)/,
    stops: [
      'update-alternatives --remove-all python3',
      'ldconfig -r /tmp/x',
      'update-alternatives --remove-all iptables',
    ],
    passes: ['ldconfig', 'update-alternatives --list editor', 'update-alternatives --config java'],
  },
];
