/** Folders and files that rules are about. */
export const libraries = ['/lib', '/lib32', '/lib64', '/libx32', '/usr/lib', '/usr/lib32', '/usr/lib64'];
export const roots = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  ...libraries,
  '/proc',
  '/sbin',
  '/sys',
  '/usr',
  '/usr/bin',
  '/usr/sbin',
  '/usr/libexec',
];
const accounts = [
  'passwd',
  'shadow',
  'group',
  'gshadow',
  'sudoers',
  'fstab',
  'ld.so.preload',
  'crypttab',
  'inittab',
  'pam.conf',
].map((name) => `/etc/${name}`);
export const logins = [
  ...accounts,
  '/etc/sudoers.d/*',
  '/etc/pam.d/*',
  '/etc/ssh/sshd_config',
  '/etc/ssh/sshd_config.d/*',
];
export const programs = [
  'bash',
  'sh',
  'dash',
  'login',
  'su',
  'sudo',
  'mount',
  'systemctl',
  'systemd',
  'env',
  'rm',
  'cp',
  'ls',
  'cat',
  'chmod',
]
  .flatMap((name) => [`/bin/${name}`, `/usr/bin/${name}`])
  .concat([
    '/sbin/init',
    '/usr/sbin/init',
    '/usr/sbin/sshd',
    '/sbin/agetty',
    '/usr/lib/systemd/systemd',
    '/lib/systemd/systemd',
  ])
  .concat(
    libraries.flatMap((folder) => [
      `${folder}/ld-linux*`,
      `${folder}/*/ld-linux*`,
      `${folder}/libc.so*`,
      `${folder}/*/libc.so*`,
    ]),
  );
export const unnamed = [
  '/dev/pts',
  '/dev/shm',
  '/dev/fd',
  '/dev/net',
  '/dev/input',
  '/dev/snd',
  '/dev/mqueue',
  '/dev/hugepages',
  '/dev/serial',
  '/dev/tcp',
  '/dev/udp',
  '/dev/log',
  '/dev/char',
  '/dev/bus',
  '/dev/dri',
  '/dev/vfio',
];

/** Names under which disks and memory stand in `/dev`. */
export const diskPaths = [
  ...[
    'sd',
    'hd',
    'vd',
    'xvd',
    'nvme',
    'mmcblk',
    'md',
    'dm-',
    'nbd',
    'rbd',
    'drbd',
    'zd',
    'mtd',
    'bcache',
    'pmem',
    'dasd',
  ].map((name) => `/dev/${name}*`),
  '/dev/root',
  '/dev/mem',
  '/dev/kmem',
  '/dev/port',
  '/dev/nvram',
  '/dev/*/*',
  '/dev/disk/*/*',
];

export const treeKinds = ['mode-tree', 'owner-tree'] as const;
