const longestPlain = 4_096;
const word = String.raw`(?:[\w./:@%+,=-]|'[^'\n]*')+`;
const command = new RegExp(`^ *(${word})(?: +${word})* *\\n?$`);

/** What a shell does itself, and what shells do differently or not at all. */
const ownWords =
  /^(?:\.|:|\[|alias|bg|bind|break|builtin|caller|case|cd|command|comp(?:gen|lete|opt)|continue|coproc|declare|dirs|disown|do|done|echo|elif|else|enable|esac|eval|exec|exit|export|fc|fg|fi|for|function|getopts|hash|help|history|if|in|jobs|kill|let|local|logout|mapfile|popd|printf|pushd|pwd|read|readarray|readonly|return|select|set|shift|shopt|source|suspend|test|then|time|times|trap|type|typeset|ulimit|umask|unalias|unset|until|wait|while)$/;

/**
 * Whether a text is one program with its arguments and nothing a shell would do something about: sh and bash, which takes
 * several times as long to start, do the same with it.
 */
export function isPlainCommand(text: string): boolean {
  const [, first] = (text.length <= longestPlain && command.exec(text)) || [];
  // `exec` would take a first word that begins with a dash for an option of its own.
  return first !== undefined && !/^-|[=']/.test(first) && !ownWords.test(first);
}
