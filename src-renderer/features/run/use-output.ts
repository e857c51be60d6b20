import { type RefObject, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { OutputLine } from '#contract/run';
import { client, gate, liveRuns } from '../../client/index.ts';
import type { TerminalHandle } from '../../ui/terminal-view.tsx';
import { noOutput, type OutputInfo, OutputReader, type OutputScope } from './output-reader.ts';

export type Output = {
  readonly info: OutputInfo;
  readonly reader: () => OutputReader | null;
  readonly loaded: () => readonly OutputLine[];
};

/** Figures are drawn at most this often; lines go to the terminal as they come. */
const figuresEveryMs = 80;

/** Reads one run's output into a terminal for as long as the component stands. */
export function useOutput(scope: OutputScope, tail: number, terminal: RefObject<TerminalHandle | null>): Output {
  const reader = useRef<OutputReader>(null);
  const key = JSON.stringify(scope);
  const [told, setTold] = useState({ key, info: noOutput });
  const pending = useRef<{ info: OutputInfo; timer: ReturnType<typeof setTimeout> | undefined }>({
    info: noOutput,
    timer: undefined,
  });
  const tell = useEffectEvent((next: OutputInfo) => {
    pending.current.info = next;
    pending.current.timer ??= setTimeout(() => {
      pending.current.timer = undefined;
      setTold({ key, info: pending.current.info });
    }, figuresEveryMs);
  });
  useEffect(() => {
    const waiting = pending.current;
    const made = new OutputReader(JSON.parse(key) as OutputScope, tail, {
      client,
      gate,
      screen: () => terminal.current,
      onInfo: tell,
      onEnd: (run) => liveRuns.take({ kind: 'run', run }),
    });
    reader.current = made;
    made.start();
    return () => {
      made.stop();
      clearTimeout(waiting.timer);
      waiting.timer = undefined;
      reader.current = null;
    };
  }, [key, tail, terminal]);
  // What was told of another run or stream says nothing about this one.
  const info = told.key === key ? told.info : noOutput;
  return { info, reader: () => reader.current, loaded: () => reader.current?.lines ?? [] };
}
