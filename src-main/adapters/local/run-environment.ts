import { basename } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Set for Drover itself by whoever started it: Node, npm, Electron, a test runner, systemd, an AppImage. */
const ownNames =
  /^(DROVER_.*|NODE_OPTIONS|NODE_CHANNEL_.*|NODE_UNIQUE_ID|NODE_V8_COVERAGE|ELECTRON_.*|CHROME_DESKTOP|npm_.*|INIT_CWD|VITEST.*|LISTEN_(FDS|FDNAMES|PID)|NOTIFY_SOCKET|WATCHDOG_.*|INVOCATION_ID|JOURNAL_STREAM|CREDENTIALS_DIRECTORY|APPDIR|APPIMAGE|ARGV0|OWD)$/;

/** npm puts the project's tools in front of PATH, where a script would find Drover's `node` instead of the machine's. */
const isPutByNpm = (folder: string): boolean =>
  folder.endsWith('/node_modules/.bin') || basename(folder) === 'node-gyp-bin';

/** The environment of a script: the node's own without what is meant for Drover, then what the request adds. */
export function runEnvironment(own: Environment, added: Environment): Record<string, string> {
  const inherited = Object.entries(own).filter(([name]) => !ownNames.test(name));
  const environment: Record<string, string> = {};
  for (const [name, value] of [...inherited, ...Object.entries(added)]) {
    if (value !== undefined) {
      environment[name] = value;
    }
  }
  const path = environment['PATH'];
  if (path !== undefined && own['npm_lifecycle_event'] !== undefined && added['PATH'] === undefined) {
    environment['PATH'] = path
      .split(':')
      .filter((folder) => !isPutByNpm(folder))
      .join(':');
  }
  return environment;
}
