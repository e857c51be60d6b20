import { useComputedColorScheme } from '@mantine/core';
import {
  type ReactElement,
  type Ref,
  type RefObject,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useRef,
  useState,
} from 'react';
import type { ScriptType } from '#contract/run';
import type { EditorMarker, ScriptEditor } from './script-editor.ts';
import './code-editor.css';

export type CodeEditorHandle = {
  focus(): void;
  hasFocus(): boolean;
  /** The cursor is on the line where ↑ or ↓ would leave the text, and nothing in the editor wants the key. */
  atEdge(edge: 'first' | 'last'): boolean;
};

type CodeEditorProps = {
  ref: Ref<CodeEditorHandle>;
  label: string;
  placeholder: string;
  /** Said while the editor itself is still on its way. */
  loadingHint: string;
  language: ScriptType;
  text: string;
  markers: readonly EditorMarker[];
  onChange: (text: string) => void;
};

/** A script editor; until Monaco is there a plain field takes its place, and what is typed into it is kept. */
export function CodeEditor(props: CodeEditorProps): ReactElement {
  const { ref, label, loadingHint, placeholder, text } = props;
  const host = useRef<HTMLDivElement>(null);
  const plain = useRef<HTMLTextAreaElement>(null);
  const { editor, ready } = useMonaco({ host, plain }, props);
  useImperativeHandle(ref, () => handleOf(editor, plain), [editor]);
  return (
    <div className="code-editor">
      <div className="code-editor-host" ref={host} data-ready={ready} />
      {!ready && (
        <textarea
          ref={plain}
          className="code-editor-plain"
          aria-label={label}
          title={loadingHint}
          placeholder={placeholder}
          spellCheck={false}
          value={text}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </div>
  );
}

type Parts = {
  host: RefObject<HTMLDivElement | null>;
  plain: RefObject<HTMLTextAreaElement | null>;
};

type Monaco = { readonly editor: RefObject<ScriptEditor | null>; readonly ready: boolean };

/** Fetches Monaco, puts it in the place of the plain field and keeps it as the properties say. */
function useMonaco({ host, plain }: Parts, props: CodeEditorProps): Monaco {
  const editor = useRef<ScriptEditor>(null);
  const { label, language, text, markers } = props;
  const scheme = useComputedColorScheme('light');
  const [ready, setReady] = useState(false);
  const onChange = useEffectEvent((next: string) => props.onChange(next));
  const begin = useEffectEvent((Editor: typeof ScriptEditor, element: HTMLElement) => {
    const field = plain.current;
    const cursor = field !== null && document.activeElement === field ? field.selectionStart : null;
    const start = { text, language, scheme, label, placeholder: props.placeholder };
    const made = new Editor(element, start, { onChange: (next) => onChange(next) });
    made.setMarkers(markers);
    editor.current = made;
    setReady(true);
    if (cursor !== null) {
      made.focus(cursor);
    }
  });
  useEffect(() => {
    const element = host.current;
    let left = false;
    void import('./script-editor.ts').then((chunk) => {
      if (!left && element) {
        begin(chunk.ScriptEditor, element);
      }
    });
    return () => {
      left = true;
      editor.current?.dispose();
      editor.current = null;
    };
  }, [host]);
  useEffect(() => {
    editor.current?.setText(text);
  }, [text]);
  useEffect(() => {
    editor.current?.setView({ language, scheme, label });
  }, [language, scheme, label]);
  useEffect(() => {
    editor.current?.setMarkers(markers);
  }, [markers]);
  return { editor, ready };
}

type Held<T> = { readonly current: T | null };

function handleOf(editor: Held<ScriptEditor>, plain: Held<HTMLTextAreaElement>): CodeEditorHandle {
  return {
    focus: () => (editor.current ? editor.current.focus() : plain.current?.focus()),
    hasFocus: () => editor.current?.hasFocus ?? document.activeElement === plain.current,
    atEdge(edge) {
      const { current } = editor;
      if (!current) {
        return plain.current?.value === '';
      }
      return !current.isBusy && (edge === 'first' ? current.onFirstLine : current.onLastLine);
    },
  };
}
