import { useComputedColorScheme } from '@mantine/core';
import { type ReactElement, type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputLine } from '#contract/run';
import { loadTerminal } from './load-terminal.ts';
import type { LineLayout } from './terminal-lines.ts';
import type { Anchor, ScreenEvents, TerminalScreen } from './terminal-screen.ts';
import './terminal-view.css';

export type TerminalHandle = {
  append(lines: readonly OutputLine[]): void;
  replace(lines: readonly OutputLine[], anchor: Anchor): void;
  mark(seq: number, text: string, isSameCase: boolean): void;
  endMark(): void;
  scrollToEnd(): void;
  scrollToStart(): void;
  selection(): string;
};

type TerminalViewProps = {
  ref: Ref<TerminalHandle>;
  layout: LineLayout;
  wrap: boolean;
  events: ScreenEvents;
  /** Everything loaded, to draw it again in another layout. */
  loaded: () => readonly OutputLine[];
};

/** A terminal that shows lines; what comes before it is loaded waits for it. */
export function TerminalView(props: TerminalViewProps): ReactElement {
  const { ref, layout, wrap } = props;
  const { t } = useTranslation();
  const scheme = useComputedColorScheme('light');
  const frame = useRef<HTMLDivElement>(null);
  const screen = useRef<TerminalScreen>(null);
  const label = t('output.text');
  const open = useEffectEvent((Screen: typeof TerminalScreen, element: HTMLElement) => {
    const made = new Screen(
      element,
      { layout, wrap, scheme },
      {
        onFollow: (following) => props.events.onFollow(following),
        onEdge: (edge) => props.events.onEdge(edge),
      },
    );
    made.label = label;
    made.replace(props.loaded(), 'end');
    screen.current = made;
  });
  useEffect(() => {
    const element = frame.current;
    let left = false;
    void loadTerminal().then((chunk) => {
      if (!left && element) {
        open(chunk.TerminalScreen, element);
      }
    });
    return () => {
      left = true;
      screen.current?.dispose();
      screen.current = null;
    };
  }, []);
  const redraw = useEffectEvent(() => {
    const current = screen.current;
    if (current) {
      current.view = { layout, wrap, scheme };
      current.fit();
      current.replace(props.loaded(), 'stay');
    }
  });
  useEffect(() => redraw(), [layout, wrap, scheme]);
  useImperativeHandle(ref, () => handleOf(screen), []);
  return (
    <div
      className="terminal-frame"
      ref={frame}
      role="presentation"
      onKeyDown={(event) => {
        if (!event.ctrlKey && !event.metaKey && screen.current?.scrollBy(event.key)) {
          event.preventDefault();
        }
      }}
    />
  );
}

function handleOf(screen: { readonly current: TerminalScreen | null }): TerminalHandle {
  return {
    append: (lines) => screen.current?.append(lines),
    replace: (lines, anchor) => screen.current?.replace(lines, anchor),
    mark: (seq, text, isSameCase) => screen.current?.mark(seq, text, isSameCase),
    endMark: () => screen.current?.endMark(),
    scrollToEnd: () => screen.current?.scrollToEnd(),
    scrollToStart: () => screen.current?.scrollToStart(),
    selection: () => screen.current?.selection() ?? '',
  };
}
