/** RFC 6266 header that saves under `name`: never a path, never a control character, readable by old and new clients. */
export function attachment(name: string): string {
  const safe =
    name
      .toWellFormed()
      // oxlint-disable-next-line no-control-regex -- control characters are what must go
      .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069<>:"/\\|?*]/g, '_')
      .replace(/^\.+/, '_')
      .slice(0, 200)
      .toWellFormed() || 'download';
  const plain = safe.replace(/[^\x20-\x7e]/g, '_').replace(/%/g, '_');
  const exact = encodeURIComponent(safe).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}
