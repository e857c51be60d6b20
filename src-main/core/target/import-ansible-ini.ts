import { DroverError } from '#contract/errors';
import { AnsibleInventory, type AnsibleValue } from './ansible-inventory.ts';
import { targetsOfInventory } from './ansible-targets.ts';
import type { FoundTarget, ImportNotes } from './found-target.ts';
import { ansibleWords, splitWords } from './split-words.ts';

type Section = { readonly group: string; readonly kind: 'hosts' | 'children' | 'vars' };

/** Targets of a static Ansible inventory in INI form. Throws DroverError `bad-input` with the line, `too-large`. */
export function findInAnsibleIni(text: string, notes: ImportNotes): FoundTarget[] {
  const inventory = new AnsibleInventory();
  let section: Section = { group: 'ungrouped', kind: 'hosts' };
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) {
      continue;
    }
    const opened = line.startsWith('[') ? readSection(line, index + 1) : undefined;
    if (opened) {
      section = opened;
      inventory.addGroup(section.group);
    } else {
      readEntry(inventory, section, { text: line, number: index + 1 });
    }
  }
  return targetsOfInventory(inventory, notes);
}

/** Undefined when the line begins with a range or a bracketed address instead. */
function readSection(line: string, number: number): Section | undefined {
  const found = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:[#;].*)?$/.exec(line);
  if (!found?.[1] || /^\d+$/.test(found[2] ?? '')) {
    return undefined;
  }
  const kind = found[2] ?? 'hosts';
  if (kind !== 'hosts' && kind !== 'children' && kind !== 'vars') {
    // One letter is a range of host names, such as [a:c].
    if (kind.length === 1) {
      return undefined;
    }
    throw new DroverError('bad-input', `Line ${number}: a section is [group], [group:children] or [group:vars]`);
  }
  return { group: found[1], kind };
}

function readEntry(
  inventory: AnsibleInventory,
  { group, kind }: Section,
  { text, number }: { text: string; number: number },
): void {
  if (kind === 'children') {
    const child = text.split(/[\s#]/, 1)[0] ?? '';
    inventory.addGroup(child, group);
    return;
  }
  if (kind === 'vars') {
    const equals = text.indexOf('=');
    if (equals <= 0) {
      throw new DroverError('bad-input', `Line ${number}: a variable of a group is written name=value`);
    }
    inventory.setGroupVar(group, text.slice(0, equals).trim(), toValue(unquote(text.slice(equals + 1).trim())));
    return;
  }
  const words = splitWords(text, ansibleWords);
  const [pattern, ...rest] = words ?? [];
  if (pattern === undefined || rest.some((word) => word.indexOf('=') <= 0)) {
    const why = words === null ? 'A quote is not closed' : 'After a host stand variables as name=value';
    // Only the first word: a password may stand in the others.
    inventory.addProblem(number, text.split(/\s/, 1)[0] ?? '', why);
    return;
  }
  const vars = rest.map((word): [string, AnsibleValue] => {
    const equals = word.indexOf('=');
    return [word.slice(0, equals), toValue(unquote(word.slice(equals + 1)))];
  });
  inventory.addHosts(pattern, { group, line: number }, new Map(vars));
}

/** Ansible reads values as Python: a text in quotes stands for what is in them. */
function unquote(text: string): string {
  const quote = text.charAt(0);
  const isQuoted = text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote);
  const inner = text.slice(1, -1);
  return isQuoted && !inner.includes(quote) && !inner.includes('\\') ? inner : text;
}

function toValue(text: string): AnsibleValue {
  if (text.startsWith('$ANSIBLE_VAULT')) {
    return { unusable: 'encrypted' };
  }
  return /^[[{(].*[\]})]$/s.test(text) && !text.startsWith('{{') ? { unusable: 'structure' } : text;
}
