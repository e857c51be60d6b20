// session.webRequest: only onHeadersReceived, and only for answers of the app's own protocol handlers.
import { notAvailable, covered } from './uncovered.mjs';

/** @type {{ urls: RegExp[], listener: Function } | undefined} */
let observer;

/** @param {string} pattern Chromium match pattern, `<all_urls>` included */
function matcher(pattern) {
  if (pattern === '<all_urls>') {
    return /^/;
  }
  return new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
}

export const webRequest = covered('webRequest', {
  /** @param {{ urls: string[] } | Function | null} filter @param {Function | null} [listener] */
  onHeadersReceived(filter, listener) {
    const filtered = typeof filter === 'object' && filter !== null;
    const chosen = filtered ? listener : filter;
    observer = chosen ? { urls: filtered ? filter.urls.map(matcher) : [/^/], listener: chosen } : undefined;
  },
});

/**
 * @param {{ url: string, method: string | undefined, statusCode: number, headers: Record<string, string[]> }} answer
 * @returns {Promise<Record<string, string | string[]>>} the headers to send
 */
export function receiveHeaders({ headers, ...rest }) {
  const { url } = rest;
  if (!observer?.urls.some((pattern) => pattern.test(url))) {
    return Promise.resolve(headers);
  }
  const { promise, resolve, reject } = Promise.withResolvers();
  observer.listener({ ...rest, responseHeaders: headers }, (changed = {}) => {
    if (changed.cancel || changed.statusLine) {
      reject(notAvailable('onHeadersReceived answering cancel or statusLine'));
    } else {
      resolve(changed.responseHeaders ?? headers);
    }
  });
  return promise;
}
