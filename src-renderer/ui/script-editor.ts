import type { ScriptType } from '#contract/run';
import { monaco } from './monaco.ts';

export type EditorMarker = { readonly line: number; readonly message: string; readonly severity: 'error' | 'info' };

export type EditorEvents = {
  onChange: (text: string) => void;
};

export type EditorView = { readonly language: ScriptType; readonly scheme: 'light' | 'dark'; readonly label: string };

/** A Monaco editor for one script. */
export class ScriptEditor {
  readonly #editor: monaco.editor.IStandaloneCodeEditor;
  readonly #model: monaco.editor.ITextModel;
  readonly #reported: string[] = [];
  #setting = false;

  constructor(host: HTMLElement, start: EditorView & { text: string; placeholder: string }, events: EditorEvents) {
    this.#model = monaco.editor.createModel(start.text, start.language);
    this.#model.setEOL(monaco.editor.EndOfLineSequence.LF);
    this.#editor = monaco.editor.create(host, {
      model: this.#model,
      theme: `drover-${start.scheme}`,
      ariaLabel: start.label,
      placeholder: start.placeholder,
      automaticLayout: true,
      fontFamily: "'JetBrains Mono', ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace",
      fontSize: 13,
      lineHeight: 20,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      overviewRulerLanes: 0,
      hideCursorInOverviewRuler: true,
      lineNumbersMinChars: 3,
      lineDecorationsWidth: 8,
      folding: false,
      glyphMargin: false,
      renderLineHighlight: 'all',
      renderLineHighlightOnlyWhenFocus: true,
      // What is typed is what runs: no bracket or quote appears by itself.
      autoClosingBrackets: 'never',
      autoClosingQuotes: 'never',
      quickSuggestions: false,
      suggestOnTriggerCharacters: false,
      wordBasedSuggestions: 'currentDocument',
      stickyScroll: { enabled: false },
      scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, alwaysConsumeMouseWheel: false },
      padding: { top: 8, bottom: 8 },
      fixedOverflowWidgets: true,
      links: false,
      contextmenu: true,
      tabSize: 4,
    });
    // Tab belongs to the script until Escape was pressed: the keyboard must find a way out.
    this.#editor.onKeyDown((event) => {
      if (event.keyCode === monaco.KeyCode.Escape && !this.isBusy) {
        this.#editor.updateOptions({ tabFocusMode: true });
      }
    });
    this.#editor.onDidBlurEditorText(() => this.#editor.updateOptions({ tabFocusMode: false }));
    this.#model.onDidChangeContent(() => {
      if (!this.#setting) {
        const text = this.#model.getValue();
        this.#reported.push(text);
        events.onChange(text);
      }
    });
  }

  setView(view: EditorView): void {
    monaco.editor.setTheme(`drover-${view.scheme}`);
    monaco.editor.setModelLanguage(this.#model, view.language);
    this.#editor.updateOptions({ ariaLabel: view.label });
  }

  /** Puts another text in, so that undo brings the old one back; a text the editor has reported itself changes nothing. */
  setText(text: string): void {
    const known = this.#reported.lastIndexOf(text);
    if (known >= 0) {
      // Somebody may have typed on since: what was reported then must not undo that.
      this.#reported.splice(0, known + 1);
      return;
    }
    this.#reported.length = 0;
    if (text === this.#model.getValue()) {
      return;
    }
    this.#setting = true;
    this.#editor.pushUndoStop();
    this.#editor.executeEdits('drover', [{ range: this.#model.getFullModelRange(), text }]);
    this.#editor.pushUndoStop();
    this.#setting = false;
    this.#editor.setPosition(this.#model.getPositionAt(text.length));
  }

  setMarkers(markers: readonly EditorMarker[]): void {
    const marks = markers.map(({ line, message, severity }) => ({
      startLineNumber: line,
      endLineNumber: line,
      startColumn: 1,
      endColumn: this.#model.getLineMaxColumn(Math.min(Math.max(1, line), this.#model.getLineCount())),
      message,
      severity: severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Info,
    }));
    monaco.editor.setModelMarkers(this.#model, 'drover', marks);
  }

  get hasFocus(): boolean {
    return this.#editor.hasTextFocus();
  }

  get onFirstLine(): boolean {
    return this.#editor.getPosition()?.lineNumber === 1;
  }

  get onLastLine(): boolean {
    return this.#editor.getPosition()?.lineNumber === this.#model.getLineCount();
  }

  /** A list of suggestions or another box of the editor wants the arrows. */
  get isBusy(): boolean {
    return Boolean(this.#editor.getDomNode()?.querySelector('.suggest-widget.visible'));
  }

  focus(offset?: number): void {
    this.#editor.focus();
    if (offset !== undefined) {
      this.#editor.setPosition(this.#model.getPositionAt(offset));
    }
  }

  dispose(): void {
    this.#editor.dispose();
    this.#model.dispose();
  }
}
