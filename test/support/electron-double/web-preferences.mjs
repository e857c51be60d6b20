import { notAvailable } from './uncovered.mjs';

/** Settings a program like ours must not touch: a test should notice, not run with something weaker. */
const unsafe = {
  contextIsolation: false,
  nodeIntegration: true,
  nodeIntegrationInSubFrames: true,
  nodeIntegrationInWorker: true,
  sandbox: false,
  webSecurity: false,
  allowRunningInsecureContent: true,
  experimentalFeatures: true,
  webviewTag: true,
};

/** @param {Record<string, unknown>} preferences webPreferences of a new window */
export function refuseUnsafe(preferences) {
  for (const [name, value] of Object.entries(unsafe)) {
    if (preferences[name] === value) {
      throw notAvailable(`webPreferences.${name}: ${value}`);
    }
  }
}

/** What getLastWebPreferences() answers. @param {Record<string, unknown>} preferences */
export function effectivePreferences(preferences) {
  const safe = Object.fromEntries(Object.entries(unsafe).map(([name, value]) => [name, !value]));
  return { ...safe, ...preferences };
}
