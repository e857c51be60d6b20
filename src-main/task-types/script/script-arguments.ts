/**
 * A shell script that sets its own arguments on its first line of code, so that `$0`, `return` and line numbers hold;
 * only a line break in an argument moves the numbers.
 */
export function shellWithArguments(text: string, args: readonly string[]): string {
  const words = args.map((argument) => `'${argument.replaceAll("'", String.raw`'\''`)}'`);
  const shebang = /^#![^\n]*(?:\n|$)/.exec(text)?.[0] ?? '';
  const kept = shebang === '' || shebang.endsWith('\n') ? shebang : `${shebang}\n`;
  return `${kept}set -- ${words.join(' ')}; ${text.slice(shebang.length)}`;
}

/** A Perl script that sets `@ARGV` before any of it is compiled; `# line 1` keeps the numbers in its messages. */
export function perlWithArguments(text: string, args: readonly string[]): string {
  const words = args.map((argument) => `    '${hex(argument)}',\n`);
  return `BEGIN {
  @ARGV = map { pack 'H*', $_ } (
${words.join('')}  );
  if (\${^UNICODE} & 32) { utf8::decode($_) for @ARGV }
}
# line 1
${text}`;
}

/**
 * A Python program that runs the script beside it as its own `__main__`: under `runpy` it would be a module that
 * nothing can find again, over which pickle and multiprocessing trip.
 */
export function pythonEntry(script: string, args: readonly string[]): string {
  const words = args.map((argument) => `        b'${hex(argument).replaceAll(/../g, String.raw`\x$&`)}',\n`);
  return `def prepare(main):
    import os, sys
    words = [
${words.join('')}    ]
    path = os.path.join(os.path.dirname(main['__file__']), '${script}')
    sys.argv[:] = [path] + [word if str is bytes else os.fsdecode(word) for word in words]
    main['__file__'] = path
    del main['prepare']
    with open(path, 'rb') as script:
        return compile(script.read(), path, 'exec')
exec(prepare(globals()))
`;
}

/** A PowerShell script that hands the arguments on by position, whatever they look like, and keeps the exit code. */
export function powershellEntry(script: string, args: readonly string[]): string {
  const words = args.map((argument) => `  '${base64(argument)}'\n`);
  return `$words = @(@(
${words.join('')}) | ForEach-Object { [System.Text.Encoding]::UTF8.GetString([System.Convert]::FromBase64String($_)) })
$global:LASTEXITCODE = 0
& (Join-Path $PSScriptRoot '${script}') @words
if ($?) { exit 0 }
exit $LASTEXITCODE
`;
}

function hex(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}
