import type { Language } from './bench.ts';

const words: Readonly<Record<string, Language>> = {
  sh: 'shell',
  bash: 'shell',
  dash: 'shell',
  ksh: 'shell',
  zsh: 'shell',
  ash: 'shell',
  shell: 'shell',
  python: 'python',
  python2: 'python',
  python3: 'python',
  powershell: 'powershell',
  pwsh: 'powershell',
  cmd: 'cmd',
  bat: 'cmd',
  batch: 'cmd',
  perl: 'perl',
  ruby: 'ruby',
  node: 'node',
  nodejs: 'node',
  php: 'php',
  lua: 'lua',
  awk: 'awk',
  sql: 'sql',
};

/** The words by which a language of scripts may be called. */
export const languageWords: readonly string[] = Object.keys(words);

type Asked = { readonly shell?: string | undefined; readonly os: 'linux' | 'windows'; readonly text: string };

/** The language of a script: as it was said, else by its first line, else the system's own; undefined when nobody knows it. */
export function scriptLanguage({ shell, os, text }: Asked): Language | undefined {
  if (shell !== undefined) {
    const language = Object.hasOwn(words, shell.toLowerCase()) ? words[shell.toLowerCase()] : undefined;
    return language === 'shell' || language === undefined
      ? (byFirstLine(text) ?? (text.startsWith('#!') ? undefined : language))
      : language;
  }
  return text.startsWith('#!') ? byFirstLine(text) : os === 'windows' ? 'powershell' : 'shell';
}

const folders = /^(\/usr)?(\/local)?\/s?bin$|^\/opt\/(homebrew|local)\/bin$/;

/** Only usual interpreters in usual folders count. */
function byFirstLine(text: string): Language | undefined {
  const [, path = '', rest = ''] = /^#![ \t]*(\S+)([^\r\n]*)/.exec(text) ?? [];
  const [, folder = '', name = ''] = /^(.*)\/([^/]+)$/.exec(path) ?? [];
  if (!folders.test(folder)) {
    return undefined;
  }
  const program =
    name === 'env'
      ? (rest
          .trim()
          .split(/\s+/)
          .find((word) => !/^-|=/.test(word)) ?? '')
      : name;
  const base = program.replace(/[\d.]+$/, '');
  return Object.hasOwn(words, base) ? words[base] : undefined;
}
