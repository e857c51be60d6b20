// Adds to package-lock.json the packages of other platforms that the lock's optionalDependencies name but that the
// registry could not serve when the lock was written: without them `npm ci` refuses the lock elsewhere.
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.argv[2] ?? 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
const exactVersion = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
const systems = ['android', 'darwin', 'freebsd', 'openbsd', 'netbsd', 'linux', 'win32', 'sunos', 'aix', 'openharmony'];
const cpus = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el'];

/** Whether a package asked for from `location` is found by Node's resolution inside the lock. */
function isLocked(location, name) {
  for (let base = location; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${base ? `${base}/` : ''}node_modules/${name}`]) {
      return true;
    }
    if (!base.includes('/node_modules/')) {
      return Boolean(lock.packages[`node_modules/${name}`]);
    }
  }
}

function entryOf(name, version, isDev) {
  const words = name.split('/').pop().replace('windows', 'win32').split(/[-_.]/);
  const os = words.find((word) => systems.includes(word));
  const cpu = words.find((word) => cpus.includes(word));
  if (!os || !cpu) {
    return undefined;
  }
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : undefined;
  return {
    version,
    cpu: [cpu],
    ...(isDev && { dev: true }),
    ...(os === 'linux' && libc && { libc: [libc] }),
    optional: true,
    os: [os],
  };
}

let added = 0;
for (const [location, pack] of Object.entries({ ...lock.packages })) {
  for (const [name, version] of Object.entries(pack.optionalDependencies ?? {})) {
    const entry =
      exactVersion.test(version) && !isLocked(location, name) ? entryOf(name, version, pack.dev) : undefined;
    if (entry) {
      lock.packages[`node_modules/${name}`] = entry;
      added += 1;
    }
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added} entries added to ${file}\n`);
