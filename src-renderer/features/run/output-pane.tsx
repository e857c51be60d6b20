import { Button } from '@mantine/core';
import { lazy, type ReactElement, Suspense, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostRow, Run, Stream } from '#contract/run';
import { ErrorNotice } from '../../ui/notice.tsx';
import { targetName } from '../../ui/target-name.ts';
import { type TerminalHandle, TerminalView } from '../../ui/terminal-view.tsx';
import type { HitCounts } from './hit-counts.ts';
import { HostNotes } from './host-notes.tsx';
import { OutputEcho } from './output-echo.tsx';
import { OutputTools } from './output-tools.tsx';
import { type Extent, useOutputSettings } from './output-settings.ts';
import type { OutputInfo } from './output-reader.ts';
import { OutputState } from './output-state.tsx';
import { type Output, useOutput } from './use-output.ts';
import './output.css';

const OutputSearch = lazy(async () => ({ default: (await import('./output-search.tsx')).OutputSearch }));
const HostList = lazy(async () => ({ default: (await import('./host-list.tsx')).HostList }));

type OutputPaneProps = {
  no: number;
  /** Unknown for a moment after a start; the output does not wait for it. */
  run: Run | undefined;
  hosts: readonly HostRow[];
  /** Where the page around keeps which target is shown; else it is kept here. */
  chosen?: { readonly host: number | null; readonly choose: (host: number | null) => void };
};

const lastLines = 500;
const fullLines = 20_000;

/** Output of a run, live or stored alike: targets, tools, terminal. */
export function OutputPane({ no, run, hosts, chosen }: OutputPaneProps): ReactElement {
  const [ownHost, setOwnHost] = useHostOf(no);
  const { host, choose } = chosen ?? { host: ownHost, choose: setOwnHost };
  const [hits, setHits] = useState<HitCounts | null>(null);
  const many = (run?.counts.total ?? 1) > 1;
  return (
    <div className={many ? 'output output-many' : 'output'}>
      {many && (
        <Suspense fallback={<div />}>
          <HostList run={run} hosts={hosts} hits={hits} chosen={host} onChoose={choose} />
        </Suspense>
      )}
      <OutputView {...{ no, run, hosts, host, many }} onHits={setHits} />
    </div>
  );
}

type OutputViewProps = Omit<OutputPaneProps, 'chosen'> & {
  host: number | null;
  many: boolean;
  onHits: (hits: HitCounts | null) => void;
};

function OutputView({ no, run, hosts, host, many, onHits }: OutputViewProps): ReactElement {
  const [stream, setStream] = useState<Stream | 'both'>('both');
  const [extent, setExtent] = useState<Extent>('last');
  const [searching, setSearching] = useState(false);
  const [following, setFollowing] = useState(true);
  const [settings, change] = useOutputSettings();
  const terminal = useRef<TerminalHandle>(null);
  const scope = { run: no, ...(host !== null && { host }), ...(stream !== 'both' && { stream }) };
  const output = useOutput(scope, extent === 'last' ? lastLines : fullLines, terminal);
  const chooseExtent = (wanted: Extent): void => {
    setExtent(wanted);
    if (wanted === extent) {
      output.reader()?.start();
    }
  };
  const layout = useLayout(hosts, many && host === null, settings);
  return (
    <section className="output-main">
      <OutputTools
        {...{ no, host, stream, settings, searching }}
        extent={shownExtent(extent, output.info)}
        onStream={setStream}
        onExtent={chooseExtent}
        onSettings={change}
        onSearch={() => setSearching(true)}
        copy={() => terminal.current?.selection() ?? ''}
        loaded={output.loaded}
      />
      {searching && (
        <Suspense fallback={null}>
          <OutputSearch
            {...{ no, run, host, many, stream, terminal, output, onHits }}
            onClose={() => setSearching(false)}
          />
        </Suspense>
      )}
      <HostNotes run={run} host={hosts.find((row) => row.host === (host ?? (many ? null : 0)))} />
      {output.info.error && <ErrorNotice error={output.info.error} />}
      <div className="output-screen">
        <EarlierBar output={output} extent={extent} />
        <TerminalView
          ref={terminal}
          layout={layout}
          wrap={settings.wrap}
          loaded={output.loaded}
          events={{
            onFollow: setFollowing,
            onEdge: (edge) => void (edge === 'start' ? output.reader()?.earlier() : output.reader()?.later()),
          }}
        />
        <OutputState {...{ run, output, stream, following, terminal }} />
      </div>
      <OutputEcho output={output} />
    </section>
  );
}

/** What the lines on the screen are now; null after a look elsewhere, when they are neither the last ones nor all. */
function shownExtent(extent: Extent, { isTail, atStart, atEnd }: OutputInfo): Extent | null {
  return isTail ? extent : atStart && atEnd ? 'full' : null;
}

/** The target chosen in the run that is shown; another run begins with all of them. */
function useHostOf(no: number): [number | null, (host: number | null) => void] {
  const [chosen, setChosen] = useState<{ no: number; host: number | null }>({ no, host: null });
  return [chosen.no === no ? chosen.host : null, (host) => setChosen({ no, host })];
}

function useLayout(hosts: readonly HostRow[], named: boolean, settings: { timestamps: boolean; lineNumbers: boolean }) {
  const names = named ? JSON.stringify(hosts.map((host) => targetName(host.name))) : null;
  const { timestamps, lineNumbers } = settings;
  return useMemo(
    () => ({ timestamps, lineNumbers, hostNames: names === null ? null : (JSON.parse(names) as string[]) }),
    [timestamps, lineNumbers, names],
  );
}

/** Says that more stands before the first line shown. */
function EarlierBar({ output, extent }: { output: Output; extent: Extent }): ReactElement | null {
  const { t } = useTranslation();
  const { atStart, isTail, count, paging } = output.info;
  if (atStart || count === 0) {
    return null;
  }
  return (
    <div className="output-more">
      <span className="tabular">
        {isTail && extent === 'last' && count <= lastLines ? t('output.onlyLast', { count }) : t('output.earlier')}
      </span>
      <Button variant="subtle" size="compact-xs" loading={paging} onClick={() => void output.reader()?.earlier()}>
        {t('output.loadEarlier')}
      </Button>
      <Button variant="subtle" size="compact-xs" onClick={() => void output.reader()?.fromStart()}>
        {t('output.jumpStart')}
      </Button>
    </div>
  );
}
