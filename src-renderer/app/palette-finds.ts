import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.ts';
import { runTitle } from '../ui/run-title.ts';
import { targetName } from '../ui/target-name.ts';
import { type PaletteEntry, typedNumber } from './palette-entries.ts';

const typingPauseMs = 120;
const found = 8;

/** The words as they stand: nobody writes the terms of a search here. */
const literally = (words: string): string => (words === '' ? '' : `"${words.replaceAll(/["\\]/g, String.raw`\$&`)}"`);

/** The runs that fit what is typed: by number, or by what stands in their names, first lines and targets. */
export function useRunEntries(typed: string): readonly PaletteEntry[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [asked] = useDebouncedValue(typed.trim(), typingPauseMs);
  const number = typedNumber(asked);
  const text = number === null ? literally(asked) : `#${number}`;
  const { data } = useCall('run.list', { limit: found, ...(text !== '' && { text }) });
  // What was found for other words is no answer to these.
  const runs = asked === typed.trim() ? (data?.runs ?? []) : [];
  return runs.map((run) => ({
    id: `run:${run.no}`,
    kind: 'run',
    text: `#${run.no} ${runTitle(run)}`,
    detail: t(`status.${run.status}`),
    ...(text !== '' && { isFound: true }),
    act: () => void navigate({ to: '/runs/$no', params: { no: String(run.no) } }),
  }));
}

/** The saved targets with this in their name or address. */
export function useTargetEntries(typed: string): readonly PaletteEntry[] {
  const navigate = useNavigate();
  const [asked] = useDebouncedValue(typed.trim(), typingPauseMs);
  // Anything else is a word of the grammar of selectors, and no name or address.
  const isName = /^[\w.-]+$/.test(asked);
  const list = useCall('target.list', { query: asked, limit: found }, { enabled: isName });
  const targets = isName && asked === typed.trim() ? (list.data?.targets ?? []) : [];
  return targets.map((target) => ({
    id: `target:${target.id}`,
    kind: 'target',
    text: targetName(target.name),
    detail: target.address,
    isFound: true,
    act: () => void navigate({ to: '/targets/$target', params: { target: target.id } }),
  }));
}
