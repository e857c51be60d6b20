import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The server of OpenSSH, which has to be called by its whole path; undefined when it is not installed. */
export function sshdPath(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin'];
  return folders
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, 'sshd'))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
