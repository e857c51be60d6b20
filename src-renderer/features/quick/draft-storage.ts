import { quotedName } from '../../ui/where-of.ts';
import { type Draft, emptyDraft, languages } from './draft.ts';

const key = 'drover-quick-draft';

type Store = Pick<Storage, 'getItem' | 'setItem'>;

/** What was typed before the page was loaded anew; anything unreadable is an empty form. */
export function readDraft(store: Store): Draft {
  try {
    const read: unknown = JSON.parse(store.getItem(key) ?? 'null');
    return typeof read === 'object' && read !== null ? merge(read as Record<string, unknown>) : emptyDraft;
  } catch {
    return emptyDraft;
  }
}

/** Keeps the draft for as long as the tab is open. */
export function keepDraft(store: Store, draft: Draft): void {
  try {
    store.setItem(key, JSON.stringify(draft));
  } catch {
    // A full or forbidden store costs the draft after a reload and nothing else.
  }
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** Earlier versions kept a list of names. */
function readTargets(value: unknown): string {
  if (isTexts(value)) {
    return value.map(quotedName).join(',');
  }
  return typeof value === 'string' ? value : emptyDraft.targets;
}

type TextField = 'addresses' | 'text' | 'name' | 'timeoutS' | 'deadlineS' | 'args' | 'environment' | 'stdin';

function merge(read: Record<string, unknown>): Draft {
  const text = (name: TextField): string => {
    const value = read[name];
    return typeof value === 'string' ? value : emptyDraft[name];
  };
  const parameters = Object.entries(read['parameters'] ?? {}).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
  return {
    targets: readTargets(read['targets']),
    addresses: text('addresses'),
    language: languages.find((language) => language === read['language']) ?? emptyDraft.language,
    text: text('text'),
    parameters: Object.fromEntries(parameters),
    name: text('name'),
    timeoutS: text('timeoutS'),
    deadlineS: text('deadlineS'),
    args: text('args'),
    environment: text('environment'),
    stdin: text('stdin'),
    noParameters: read['noParameters'] === true,
  };
}
