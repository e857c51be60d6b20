import type { HostKey } from '#contract/host-key';
import { plainLine } from './terminal-safe.ts';

const sshPort = 22;
const mostShown = 10;

/** `web1`, `web1:2222`, `[fe80::1]:2222`: as it is typed for `drover hostkey accept`. */
export function machineText({ address, port }: Pick<HostKey, 'address' | 'port'>): string {
  if (port === sshPort) {
    return address;
  }
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** True for a key of a machine written in any of those ways. */
export function isMachine(key: Pick<HostKey, 'address' | 'port'>, typed: string): boolean {
  const { address, port } = key;
  const forms = [address, `[${address}]`, `${address}:${port}`, `[${address}]:${port}`];
  return forms.some((form) => form.toLowerCase() === typed.toLowerCase());
}

/** One key a line with address, type and fingerprint: the first ten, and how many more. */
export function keyLines(keys: readonly HostKey[]): string[] {
  const shown = keys.slice(0, mostShown);
  const machines = shown.map(machineText);
  const width = Math.max(...machines.map(({ length }) => length));
  const typeWidth = Math.max(...shown.map(({ type }) => type.length));
  const lines = shown.map(({ type, fingerprint }, index) =>
    plainLine(`  ${(machines[index] ?? '').padEnd(width)}  ${type.padEnd(typeWidth)}  ${fingerprint}`),
  );
  return keys.length > mostShown ? [...lines, `  and ${keys.length - mostShown} more`] : lines;
}

/** What a changed host looks like, and an attacker too. */
export function changedText(key: HostKey): string {
  const machine = machineText(key);
  return plainLine(
    `the host key of ${machine} has changed (${key.type}): trusted is ${key.replaces}, shown was ${key.fingerprint}; ` +
      `only if you know why: drover hostkey accept --replace ${machine}`,
  );
}

/** `this host key`, `these 3 host keys` */
export function theseKeys(count: number): string {
  return count === 1 ? 'this host key' : `these ${count} host keys`;
}
