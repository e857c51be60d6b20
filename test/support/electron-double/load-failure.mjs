/** Numbers of the net errors that a window of ours can meet; anything else is ERR_FAILED. */
const errorCodes = {
  ERR_ABORTED: -3,
  ERR_FILE_NOT_FOUND: -6,
  ERR_CONNECTION_REFUSED: -102,
  ERR_NAME_NOT_RESOLVED: -105,
  ERR_EMPTY_RESPONSE: -324,
};

/**
 * @param {string} description Chromium's name of the error, with or without `net::`
 * @param {string} url
 * @returns {Error & { errno: number, code: string, url: string }} as loadURL rejects
 */
export function loadFailure(description, url) {
  const name = description.replace('net::', '');
  const errno = errorCodes[name] ?? -2;
  const code = errno === -2 ? 'ERR_FAILED' : name;
  return Object.assign(new Error(`${code} (${errno}) loading '${url}'`), { errno, code, url });
}
