import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Pair, visit, type YAMLMap } from 'yaml';
import { DroverError } from '#contract/errors';
import { AnsibleInventory, type AnsibleValue, type AnsibleVars, deepestGroup, tooDeep } from './ansible-inventory.ts';
import { targetsOfInventory } from './ansible-targets.ts';
import type { FoundTarget, ImportNotes } from './found-target.ts';

/** Why an inventory that is a program or names one is refused. */
export const noPrograms =
  'This is a dynamic inventory, and Drover runs no program to import: run `ansible-inventory -i FILE --list --yaml` and import what it prints';

type Reading = {
  readonly inventory: AnsibleInventory;
  readonly notes: ImportNotes;
  readonly lineOf: (node: Node | null | undefined) => number;
};

/** Targets of a static Ansible inventory in YAML. Throws DroverError `bad-input` with the line, `too-large`. */
export function findInAnsibleYaml(text: string, notes: ImportNotes): FoundTarget[] {
  const { root, lineOf } = parse(text);
  const inventory = new AnsibleInventory();
  const reading = { inventory, notes, lineOf };
  if (!isMap(root)) {
    throw new DroverError('bad-input', 'A YAML inventory is a mapping of groups, such as `all:`');
  }
  const groups = entriesOf(root);
  if (groups.some(([name]) => name === 'plugin' || name === '_meta')) {
    throw new DroverError('bad-input', noPrograms);
  }
  for (const [name, content] of groups) {
    readGroup(reading, { name, content, parent: undefined, depth: 1 });
  }
  return targetsOfInventory(inventory, notes);
}

/** All values as the text writes them, so that `1.10` stays what it is. Nothing may stand for something else. */
function parse(text: string): { root: Node | null; lineOf: Reading['lineOf'] } {
  const lines = new LineCounter();
  const lineOf: Reading['lineOf'] = (node) => (node?.range ? lines.linePos(node.range[0]).line : 0);
  try {
    const document = parseDocument(text, {
      schema: 'failsafe',
      lineCounter: lines,
      // The library compares every key with every other; whoever writes a key twice means the last one.
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
    });
    const error = document.errors[0];
    if (error) {
      const { line } = lines.linePos(error.pos[0]);
      throw new DroverError('bad-input', `Line ${line} of the YAML cannot be read: ${error.message.slice(0, 200)}`);
    }
    visit(document, {
      Alias: (_key, node) => {
        throw new DroverError('bad-input', `Line ${lineOf(node)}: aliases such as *name are refused, write it out`);
      },
    });
    return { root: document.contents, lineOf };
  } catch (error) {
    if (error instanceof RangeError) {
      throw new DroverError('bad-input', 'The YAML is nested too deeply', { cause: error });
    }
    throw error;
  }
}

type GroupNode = {
  readonly name: string;
  readonly content: Node | null;
  readonly parent: string | undefined;
  readonly depth: number;
};

function readGroup(reading: Reading, { name, content, parent, depth }: GroupNode): void {
  const { inventory, notes } = reading;
  if (depth > deepestGroup) {
    throw tooDeep();
  }
  inventory.addGroup(name, parent);
  for (const [key, node] of mapping(reading, `the group ${name}`, content)) {
    if (key === 'hosts') {
      readHosts(reading, name, node);
    } else if (key === 'vars') {
      for (const [variable, value] of mapping(reading, `vars of ${name}`, node)) {
        inventory.setGroupVar(name, variable, toValue(value));
      }
    } else if (key === 'children') {
      for (const [child, its] of mapping(reading, `children of ${name}`, node)) {
        readGroup(reading, { name: child, content: its, parent: name, depth: depth + 1 });
      }
    } else {
      notes.add('Not used, for a group has hosts, vars and children', `${name}: ${key}`);
    }
  }
}

function readHosts(reading: Reading, group: string, node: Node | null): void {
  for (const [pattern, its, key] of mapping(reading, `hosts of ${group}`, node)) {
    const vars: AnsibleVars = new Map(
      mapping(reading, `the host ${pattern}`, its).map(([name, value]) => [name, toValue(value)]),
    );
    reading.inventory.addHosts(pattern, { group, line: reading.lineOf(key) }, vars);
  }
}

type Entry = [name: string, value: Node | null, key: Node | null];

/** The entries of a mapping; a bare name or a list of names stands for names without content. */
function mapping({ lineOf }: Reading, what: string, node: Node | null): Entry[] {
  if (isMap(node)) {
    return entriesOf(node);
  }
  const names = isSeq(node) ? node.items : [node];
  return names.flatMap((item): Entry[] => {
    if (item === null || (isScalar(item) && (item.value === '' || item.source === 'null' || item.source === '~'))) {
      return [];
    }
    if (!isScalar(item) || typeof item.value !== 'string') {
      throw new DroverError('bad-input', `Line ${lineOf(node)}: ${what.slice(0, 100)} must be a mapping`);
    }
    return [[item.value, null, item]];
  });
}

function entriesOf(map: YAMLMap): Entry[] {
  return map.items.flatMap(({ key, value }: Pair): Entry[] =>
    isScalar(key) && typeof key.value === 'string' ? [[key.value, (value ?? null) as Node | null, key]] : [],
  );
}

function toValue(node: Node | null): AnsibleValue {
  if (node === null) {
    return '';
  }
  if (node.tag === '!vault' || node.tag === '!vault-encrypted') {
    return { unusable: 'encrypted' };
  }
  return isScalar(node) && typeof node.value === 'string' ? node.value : { unusable: 'structure' };
}
