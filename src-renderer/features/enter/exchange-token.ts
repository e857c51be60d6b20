/** `refused`: the link has expired or was used; `unreachable`, `wait`: it was not looked at, and may still work. */
export type Exchange = 'entered' | 'refused' | 'unreachable' | 'wait';

type Post = (url: string, init: { method: 'POST'; headers: Record<string, string>; body: string }) => Promise<Response>;

/** Gives the one-time token for a session cookie. */
export async function exchangeToken(token: string, post: Post): Promise<Exchange> {
  try {
    const response = await post('/enter', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    if (response.ok) {
      return 'entered';
    }
    if (response.status === 429) {
      return 'wait';
    }
    return response.status >= 500 ? 'unreachable' : 'refused';
  } catch {
    return 'unreachable';
  }
}
