/** What a browser says about where a request comes from and goes to. */
export type RequestOrigin = {
  /** The Host header as it came. */
  readonly host: string;
  /** Scheme and host the browser sees, which a trusted proxy may have told. */
  readonly visibleScheme: string;
  readonly visibleHost: string;
  readonly origin: string | undefined;
  /** Sec-Fetch-Site, for what another site's page may not even load; a link to the console itself may stand anywhere. */
  readonly site: string | undefined;
};

const local = ['localhost', '127.0.0.1', '[::1]'];
const hostAndPort = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/;

/**
 * Why a request must not be answered: `host` when it was meant for somebody else, as under DNS rebinding; `origin` when
 * a page of another origin sent it; undefined when it may pass. `names` are allowed beside the names of this machine.
 */
export function refuseOrigin(request: RequestOrigin, names: readonly string[]): 'host' | 'origin' | undefined {
  const allowed = new Set([...local, ...names.map((name) => name.toLowerCase())]);
  // Both, since a page may set X-Forwarded-Host itself but never Host.
  for (const host of [request.host, request.visibleHost]) {
    const name = hostAndPort.exec(host.toLowerCase())?.[1];
    if (name === undefined || !allowed.has(name)) {
      return 'host';
    }
  }
  if (
    request.origin !== undefined &&
    request.origin.toLowerCase() !== `${request.visibleScheme}://${request.visibleHost}`.toLowerCase()
  ) {
    return 'origin';
  }
  // Another port of this machine is the same site: it would send the cookie along with an image or a script.
  if (request.site === 'cross-site' || request.site === 'same-site') {
    return 'origin';
  }
  return undefined;
}
