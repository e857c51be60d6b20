type Rules = {
  /** Characters a backslash makes plain outside quotes; null for all. */
  readonly escapes: string | null;
  readonly inDouble: string;
  readonly inSingle: string;
  /** Whether `#` begins a comment inside a word, too. */
  readonly commentInWord: boolean;
};

/** As OpenSSH reads its configuration. */
export const sshWords: Rules = { escapes: `"'\\ `, inDouble: `"'\\`, inSingle: `"'\\`, commentInWord: false };
/** As Ansible reads the lines of an inventory: Python's shlex. */
export const ansibleWords: Rules = { escapes: null, inDouble: '"\\', inSingle: '', commentInWord: true };

/** The words of one line without their quotes, up to a comment; null when a quote is not closed. */
export function splitWords(line: string, rules: Rules): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  const end = (): void => {
    words.push(...(word === null ? [] : [word]));
    word = null;
  };
  const add = (text: string): void => {
    word = (word ?? '') + text;
  };
  for (let at = 0; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (char === '"' || char === "'") {
      const quoted = readQuoted(line, at, rules);
      if (!quoted) {
        return null;
      }
      add(quoted.text);
      at = quoted.end;
    } else if (char === '#' && (word === null || rules.commentInWord)) {
      break;
    } else if (/\s/.test(char)) {
      end();
    } else {
      at += isEscape(line, at, rules.escapes) ? 1 : 0;
      add(line.charAt(at));
    }
  }
  end();
  return words;
}

/** What stands in the quotes that open at `start`, and where they close. */
function readQuoted(line: string, start: number, rules: Rules): { text: string; end: number } | null {
  const quote = line.charAt(start);
  let text = '';
  for (let at = start + 1; at < line.length; at += 1) {
    if (line.charAt(at) === quote) {
      return { text, end: at };
    }
    at += isEscape(line, at, quote === '"' ? rules.inDouble : rules.inSingle) ? 1 : 0;
    text += line.charAt(at);
  }
  return null;
}

function isEscape(line: string, at: number, escapes: string | null): boolean {
  const next = line.charAt(at + 1);
  return line.charAt(at) === '\\' && next !== '' && (escapes === null || escapes.includes(next));
}
