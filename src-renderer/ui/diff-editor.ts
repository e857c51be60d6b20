import { monaco } from './monaco.ts';

export type DiffSide = { readonly text: string; readonly label: string };

export type DiffEvents = {
  /** Null while it is being compared. */
  onCount: (count: number | null) => void;
  /** A key that the editor itself does not use. */
  onKey: (key: string) => void;
};

type Scheme = 'light' | 'dark';

const ownKeys = new Set(['n', 'p', 'Escape']);

/** Two texts side by side in Monaco, to be read only; in a narrow place one below the other. */
export class DiffEditor {
  readonly #editor: monaco.editor.IStandaloneDiffEditor;
  readonly #events: DiffEvents;
  #models: monaco.editor.ITextModel[] = [];

  constructor(host: HTMLElement, scheme: Scheme, events: DiffEvents) {
    this.#events = events;
    this.#editor = monaco.editor.createDiffEditor(host, {
      theme: `drover-${scheme}`,
      automaticLayout: true,
      readOnly: true,
      domReadOnly: true,
      originalEditable: false,
      renderSideBySide: true,
      useInlineViewWhenSpaceIsLimited: true,
      renderSideBySideInlineBreakpoint: 640,
      enableSplitViewResizing: true,
      hideUnchangedRegions: { enabled: true, contextLineCount: 3, minimumLineCount: 5 },
      ignoreTrimWhitespace: false,
      renderOverviewRuler: false,
      diffWordWrap: 'off',
      fontFamily: "'JetBrains Mono', ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace",
      fontSize: 12,
      lineHeight: 18,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      lineNumbersMinChars: 4,
      glyphMargin: false,
      folding: false,
      links: false,
      contextmenu: false,
      stickyScroll: { enabled: false },
      renderWhitespace: 'boundary',
      unicodeHighlight: { ambiguousCharacters: false },
      scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
      maxComputationTime: 10_000,
    });
    this.#editor.onDidUpdateDiff(() => events.onCount(this.#editor.getLineChanges()?.length ?? 0));
    for (const side of [this.#editor.getOriginalEditor(), this.#editor.getModifiedEditor()]) {
      side.onKeyDown((event) => {
        const { key, ctrlKey, metaKey, altKey } = event.browserEvent;
        if (!ctrlKey && !metaKey && !altKey && ownKeys.has(key)) {
          event.preventDefault();
          event.stopPropagation();
          events.onKey(key);
        }
      });
    }
  }

  show(left: DiffSide, right: DiffSide): void {
    this.#events.onCount(null);
    const [original, modified] = [left, right].map(({ text }) => monaco.editor.createModel(text, 'plaintext'));
    if (!original || !modified) {
      return;
    }
    this.#editor.setModel({ original, modified });
    this.#models.forEach((model) => model.dispose());
    this.#models = [original, modified];
    this.#editor.getOriginalEditor().updateOptions({ ariaLabel: left.label });
    this.#editor.getModifiedEditor().updateOptions({ ariaLabel: right.label });
    this.#editor.getModifiedEditor().focus();
  }

  step(target: 'next' | 'previous'): void {
    this.#editor.goToDiff(target);
  }

  set scheme(scheme: Scheme) {
    monaco.editor.setTheme(`drover-${scheme}`);
  }

  dispose(): void {
    this.#editor.dispose();
    this.#models.forEach((model) => model.dispose());
  }
}
