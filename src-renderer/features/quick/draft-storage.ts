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

function merge(read: Record<string, unknown>): Draft {
  const texts = Object.entries(emptyDraft).flatMap(([name, usual]) =>
    typeof usual === 'string' && typeof read[name] === 'string' ? [[name, read[name]] as const] : [],
  );
  const parameters = Object.entries(read['parameters'] ?? {}).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
  return {
    ...emptyDraft,
    ...(Object.fromEntries(texts) as Partial<Draft>),
    targets: readTargets(read['targets']),
    language: languages.find((language) => language === read['language']) ?? emptyDraft.language,
    parameters: Object.fromEntries(parameters),
    noParameters: read['noParameters'] === true,
  };
}
