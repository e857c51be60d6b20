import { statfsSync } from 'node:fs';
import type { Disk } from '#core/ports';

/** The disk under a folder, as an unprivileged user may fill it. */
export function diskOf(folder: string): Disk {
  return {
    free() {
      const { bavail, blocks, bsize } = statfsSync(folder);
      return { bytes: bavail * bsize, share: blocks === 0 ? 1 : bavail / blocks };
    },
  };
}
