import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { needService } from '../../support/services.ts';
import { ended } from './local-script.ts';

const text = 'n=0; for word in "a b" c; do n=$((n+1)); done; echo "$n ${SHELL##*/}" && echo >&2 "$(echo sub)"';

const runOnce = fileURLToPath(new URL('run-once.ts', import.meta.url));

describe.skipIf(needService('login-shells').skip)('a script on a node that was started from a login shell', () => {
  it.each(['bash', 'dash', 'zsh', 'fish', 'csh'])('behaves the same under %s', async (shell) => {
    const command = `'${process.execPath}' '${runOnce}' "$DROVER_TEST_TEXT"`;
    const { stdout } = await promisify(execFile)(shell, ['-c', command], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], SHELL: `/bin/${shell}`, DROVER_TEST_TEXT: text },
    });
    expect(JSON.parse(stdout)).toEqual({ out: `2 ${shell}\n`, err: 'sub\n', result: ended(0) });
  });
});
