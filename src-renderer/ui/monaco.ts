import * as monaco from 'monaco-editor/editor';
// oxlint-disable-next-line import/default -- Vite makes this module
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import 'monaco-editor/features/register.all';
import 'monaco-editor/languages/definitions/bat/register';
import 'monaco-editor/languages/definitions/perl/register';
import 'monaco-editor/languages/definitions/powershell/register';
import 'monaco-editor/languages/definitions/python/register';
import 'monaco-editor/languages/definitions/shell/register';

globalThis.MonacoEnvironment = { getWorker: () => new EditorWorker() };

const common = {
  'editor.lineHighlightBorder': '#00000000',
  'editorOverviewRuler.border': '#00000000',
};

monaco.editor.defineTheme('drover-light', {
  base: 'vs',
  inherit: true,
  rules: [
    { token: 'comment', foreground: '6b645b' },
    { token: 'attribute.name', foreground: '8a5a00' },
    { token: 'string', foreground: '1c7440' },
    { token: 'string.escape', foreground: '8a5a00' },
    { token: 'keyword', foreground: '0f6f67' },
    { token: 'type', foreground: '1c5cb8' },
    { token: 'type.identifier', foreground: '1c5cb8' },
    { token: 'variable', foreground: '7640ad' },
    { token: 'number', foreground: '9a5200' },
    { token: 'metatag', foreground: '6b645b' },
  ],
  colors: {
    ...common,
    'editor.background': '#fffefc',
    'editor.foreground': '#23201c',
    'editorLineNumber.foreground': '#8a8277',
    'editorLineNumber.activeForeground': '#4f4942',
    'editor.lineHighlightBackground': '#f6f4f1',
    'editor.selectionBackground': '#cfe6e3',
    'editorCursor.foreground': '#0f6f67',
    'editorWidget.background': '#fffefc',
    'editorWidget.border': '#c9c2b8',
    'widget.shadow': '#00000000',
    'editorIndentGuide.background1': '#e7e4df',
  },
});

monaco.editor.defineTheme('drover-dark', {
  base: 'vs-dark',
  inherit: true,
  rules: [
    { token: 'comment', foreground: '948c81' },
    { token: 'attribute.name', foreground: 'e2b45c' },
    { token: 'string', foreground: '7fcf9c' },
    { token: 'string.escape', foreground: 'e2b45c' },
    { token: 'keyword', foreground: '5cbfb4' },
    { token: 'type', foreground: '8cbcff' },
    { token: 'type.identifier', foreground: '8cbcff' },
    { token: 'variable', foreground: 'cfa8f5' },
    { token: 'number', foreground: 'efb06a' },
    { token: 'metatag', foreground: '948c81' },
  ],
  colors: {
    ...common,
    'editor.background': '#1f1d1a',
    'editor.foreground': '#e6e2dc',
    'editorLineNumber.foreground': '#7c746a',
    'editorLineNumber.activeForeground': '#b9b2a8',
    'editor.lineHighlightBackground': '#262320',
    'editor.selectionBackground': '#2c4a47',
    'editorCursor.foreground': '#5cbfb4',
    'editorWidget.background': '#1f1d1a',
    'editorWidget.border': '#4b453d',
    'widget.shadow': '#00000000',
    'editorIndentGuide.background1': '#353029',
  },
});

export { monaco };
