import { Button, Select, useComputedColorScheme } from '@mantine/core';
import { IconArrowDown, IconArrowLeft, IconArrowUp, IconSwitchHorizontal } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactElement, type RefObject, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DroverError } from '#contract/errors';
import type { HostRow, Run } from '#contract/run';
import type { GroupStream, RunGroups } from '#contract/run-groups';
import { client } from '../../../client/index.ts';
import { DiffEditor } from '../../../ui/diff-editor.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { ErrorNotice } from '../../../ui/notice.tsx';
import { targetName } from '../../../ui/target-name.ts';
import { sizeText } from '../../../ui/time-text.ts';
import { useKeys } from '../../../ui/use-keys.ts';
import { groupOfHost } from './group-hosts.ts';
import { mostCharacters, mostLines, type ReadOutput, readOutput } from './read-output.ts';

type Pair = readonly [number, number];

type DiffViewProps = {
  run: Run;
  hosts: readonly HostRow[];
  groups: RunGroups;
  stream: GroupStream;
  isMasking: boolean;
  /** Places of the targets in the plan, left and right. */
  pair: Pair;
  onPair: (pair: Pair) => void;
  onClose: () => void;
};

const glyph = { size: 15, stroke: 1.7 };

/** The outputs of two targets side by side. */
export function DiffView(props: DiffViewProps): ReactElement {
  const { run, hosts, groups, stream, pair, onPair, onClose } = props;
  const { t } = useTranslation();
  const host = useRef<HTMLDivElement>(null);
  const [count, setCount] = useState<number | null>(null);
  const names = useNames(hosts, groups);
  const [left, right] = [useOutput(run.no, pair[0], stream), useOutput(run.no, pair[1], stream)];
  const editor = useDiff(host, {
    sides: left.data && right.data ? [left.data, right.data] : null,
    labels: [names.of(pair[0]), names.of(pair[1])],
    events: {
      onCount: setCount,
      onKey: (key) => (key === 'Escape' ? onClose() : step(key === 'n' ? 'next' : 'previous')),
    },
  });
  const step = (target: 'next' | 'previous'): void => editor.current?.step(target);
  useKeys(
    {
      n: { does: t('diff.next'), act: () => step('next') },
      p: { does: t('diff.previous'), act: () => step('previous') },
      escape: { does: t('diff.close'), act: onClose },
    },
    { title: t('diff.title') },
  );
  return (
    <section className="groups" aria-label={t('diff.title')}>
      <div className="diff-tools" role="toolbar" aria-label={t('diff.title')}>
        <Button variant="subtle" size="compact-sm" leftSection={<IconArrowLeft {...glyph} />} onClick={onClose}>
          {t('diff.close')}
        </Button>
        <HostChoice label={t('diff.left')} value={pair[0]} names={names} onChange={(one) => onPair([one, pair[1]])} />
        <IconButton label={t('diff.swap')} onClick={() => onPair([pair[1], pair[0]])}>
          <IconSwitchHorizontal {...glyph} />
        </IconButton>
        <HostChoice label={t('diff.right')} value={pair[1]} names={names} onChange={(one) => onPair([pair[0], one])} />
        <div className="diff-steps">
          <span className="diff-count tabular" role="status">
            {count === null ? t('diff.comparing') : t('diff.count', { count })}
          </span>
          <IconButton label={t('diff.previous')} disabled={!count} onClick={() => step('previous')}>
            <IconArrowUp {...glyph} />
          </IconButton>
          <IconButton label={t('diff.next')} disabled={!count} onClick={() => step('next')}>
            <IconArrowDown {...glyph} />
          </IconButton>
        </div>
      </div>
      <Notes outputs={[left, right]} isMasking={props.isMasking} />
      <div className="diff-screen">
        <div className="diff-host" ref={host} />
      </div>
    </section>
  );
}

type NotesProps = { outputs: readonly Output[]; isMasking: boolean };

/** What the comparison leaves out, and what went wrong. */
function Notes({ outputs, isMasking }: NotesProps): ReactElement {
  const { t } = useTranslation();
  const error = outputs.find((output) => output.error)?.error;
  const isCut = outputs.some((output) => output.data?.cut);
  return (
    <>
      {isCut && <p className="diff-note">{t('diff.cut', { lines: mostLines, size: sizeText(mostCharacters) })}</p>}
      {isMasking && <p className="diff-note">{t('diff.masked')}</p>}
      {error && <ErrorNotice error={error} />}
    </>
  );
}

type Output = { readonly data: ReadOutput | undefined; readonly error: DroverError | null };

function useOutput(run: number, host: number, stream: GroupStream): Output {
  return useQuery<ReadOutput, DroverError>({
    queryKey: ['output.text', run, host, stream],
    queryFn: () => readOutput(client, { run, host, stream }),
    gcTime: 30_000,
  });
}

type Diff = {
  readonly sides: readonly [ReadOutput, ReadOutput] | null;
  readonly labels: readonly [string, string];
  readonly events: { onCount: (count: number | null) => void; onKey: (key: string) => void };
};

/** Keeps a diff editor in an element, and both texts in it. */
function useDiff(
  host: RefObject<HTMLDivElement | null>,
  { sides, labels, events }: Diff,
): RefObject<DiffEditor | null> {
  const editor = useRef<DiffEditor>(null);
  const scheme = useComputedColorScheme('light');
  const onKey = useEffectEvent((key: string) => events.onKey(key));
  const onCount = useEffectEvent((count: number | null) => events.onCount(count));
  const begin = useEffectEvent(
    (element: HTMLElement) =>
      new DiffEditor(element, scheme, { onKey: (key) => onKey(key), onCount: (count) => onCount(count) }),
  );
  useEffect(() => {
    const element = host.current;
    const made = element ? begin(element) : null;
    editor.current = made;
    return () => {
      made?.dispose();
      editor.current = null;
    };
  }, [host]);
  const [left, right] = sides ?? [];
  const [leftLabel, rightLabel] = labels;
  useEffect(() => {
    if (left && right) {
      editor.current?.show({ text: left.text, label: leftLabel }, { text: right.text, label: rightLabel });
    }
  }, [left, right, leftLabel, rightLabel]);
  useEffect(() => {
    if (editor.current) {
      editor.current.scheme = scheme;
    }
  }, [scheme]);
  return editor;
}

type Names = { readonly of: (host: number) => string; readonly all: { value: string; label: string }[] };

/** The targets that can be compared, each with the group it is in. */
function useNames(hosts: readonly HostRow[], groups: RunGroups): Names {
  const { t } = useTranslation();
  const nameOf = (host: number): string => {
    const name = targetName(hosts[host]?.name ?? '');
    const group = groupOfHost(groups, host);
    return group === undefined ? name : t('diff.inGroup', { name, no: group + 1 });
  };
  const ended = hosts.filter((row) => row.out.bytes + row.err.bytes > 0 || groupOfHost(groups, row.host) !== undefined);
  return { of: nameOf, all: ended.map(({ host }) => ({ value: String(host), label: nameOf(host) })) };
}

type HostChoiceProps = { label: string; value: number; names: Names; onChange: (host: number) => void };

function HostChoice({ label, value, names, onChange }: HostChoiceProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Select
      size="xs"
      searchable
      aria-label={label}
      placeholder={t('diff.showNames')}
      nothingFoundMessage={t('diff.noSuchTarget')}
      allowDeselect={false}
      limit={50}
      value={String(value)}
      data={names.all}
      onChange={(chosen) => chosen !== null && onChange(Number(chosen))}
    />
  );
}
