import type { AnsibleValue, AnsibleVars } from './ansible-inventory.ts';
import type { ImportNotes } from './found-target.ts';

const mostAttributes = 100;
const longestAttribute = 1_000;
const keyFiles = new Set(['ansible_private_key_file', 'ansible_ssh_private_key_file']);
const secretWord =
  /password|secret|token|(?:^|[_-])(?:pass|passwd|passphrase|pwd|api_?key|key|credentials?)(?:[_-]|$)/i;

/** The variables that are plain short text, but for those that have become fields; never one that may be a secret. */
export function attributesOf(
  vars: AnsibleVars,
  taken: ReadonlySet<string>,
  notes: ImportNotes,
): Record<string, string> {
  const attributes = new Map<string, string>();
  for (const [key, value] of vars) {
    if (taken.has(key)) {
      continue;
    }
    const why = whyLeftOut(key, value);
    if (why !== null) {
      notes.add(why, keyFiles.has(key) && typeof value === 'string' ? value : key);
    } else if (typeof value === 'string' && attributes.size < mostAttributes) {
      attributes.set(key, value);
    } else {
      notes.add(`Of more than ${mostAttributes} variables of one host only the first are taken`);
    }
  }
  return Object.fromEntries(attributes);
}

function whyLeftOut(key: string, value: AnsibleValue): string | null {
  if (keyFiles.has(key)) {
    return 'Key files are not read: add them as credentials';
  }
  if (secretWord.test(key)) {
    return 'Secrets are never taken from an inventory: add them as credentials';
  }
  if (typeof value !== 'string') {
    return value.unusable === 'encrypted'
      ? 'Values that are encrypted with ansible-vault are left out'
      : 'Lists and mappings are left out';
  }
  if (value.includes('{{')) {
    return 'Templates are left out';
  }
  const isPlain = value.length <= longestAttribute && !/[\r\n]/.test(value);
  return isPlain && /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(key)
    ? null
    : 'Long values, and those of unusual names, are left out';
}
