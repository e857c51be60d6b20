import { DroverError } from '#contract/errors';
import type { ScriptType } from '#contract/run';

const maximumBytes = 5 * 1024 * 1024;

/** CRLF and a lone CR become LF, as POSIX interpreters take a CR for a character; Batch and PowerShell keep theirs. */
export function normaliseNewlines(type: ScriptType, text: string): string {
  return type === 'bat' || type === 'powershell' ? text : text.replaceAll(/\r\n?/g, '\n');
}

/** Throws `script-empty`, `script-nul` (`detail: { line }`) or `script-too-large` (`detail: { bytes, limit }`). */
export function checkScriptText(text: string): void {
  if (text.trim() === '') {
    throw new DroverError('script-empty', 'The script is empty.');
  }
  const nul = text.indexOf('\0');
  if (nul !== -1) {
    const line = 1 + (text.slice(0, nul).match(/\r\n|\n|\r/g)?.length ?? 0);
    throw new DroverError('script-nul', `Line ${line} of the script holds a NUL character: no interpreter reads it.`, {
      detail: { line },
    });
  }
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > maximumBytes) {
    throw new DroverError('script-too-large', 'The script is larger than 5 MiB. Send data as a file instead.', {
      detail: { bytes, limit: maximumBytes },
    });
  }
}
