// Chromium cannot be taught a scheme from outside, so `app://host/path` is loaded as `http://host.app.localhost/path`.
// Such names are a secure context, keep one origin over restarts, and lead to the double's own server on loopback.

/** @type {Map<string, { handler?: (request: Request) => Response | Promise<Response> }>} */
export const schemes = new Map();

/** @param {string} url as the app writes it @returns {string} as Chromium loads it */
export function outward(url) {
  const parts = /^(blob:)?([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is.exec(url);
  if (!parts || !schemes.has(parts[2])) {
    return url;
  }
  const [, blob = '', scheme, host, rest] = parts;
  return `${blob}http://${host}.${scheme}.localhost${rest || '/'}`;
}

/** @param {string} url as Chromium knows it @returns {string} as the app knows it */
export function inward(url) {
  const parts = /^(blob:)?http:\/\/([^/?#:]+)\.([a-z0-9+-]+)\.localhost(?=$|[/?#])(.*)$/is.exec(url);
  if (!parts || !schemes.has(parts[3])) {
    return url;
  }
  const [, blob = '', host, scheme, rest] = parts;
  return `${blob}${scheme}://${host}${rest}`;
}

/** @param {string} url inward @returns {string} its origin, as webFrameMain.origin spells it */
export function originOf(url) {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(url)?.[0] ?? 'null';
}
