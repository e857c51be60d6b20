import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testSite } from '../support/drover-process.ts';
import { needService } from '../support/services.ts';

const script = `for word in "$@"; do n=$((n+1)); done
echo "$n words, \${SHELL##*/}, $(echo sub)" && [ "\${BASH_VERSION:-}" ] && echo bash
echo error >&2
exit 3
`;

describe.skipIf(needService('login-shells').skip)('drover started from a login shell', { concurrent: true }, () => {
  it.for(['bash', 'dash', 'zsh', 'fish', 'csh'])('does the same under %s', async (name, { onTestFinished }) => {
    const site = testSite(undefined, onTestFinished);
    writeFileSync(join(site.folder, 'script.sh'), script);
    const options = { shell: `/bin/${name}`, env: { SHELL: `/bin/${name}` } };
    const words = ['exec', '-t', 'local', '--script', 'script.sh', '--', 'a b', '*', '$HOME'];
    const out = `3 words, ${name}, sub\nbash\n`;
    const end = await site.run(words, options);
    expect(end).toMatchObject({ code: 1, out });
    expect(end.err).toContain('error\n');
    expect(end.err).toContain('exit code 3');
    expect(await site.run(['output', '1', '--stream', 'out', '--raw'], options)).toMatchObject({
      code: 0,
      out,
      err: '',
    });
    expect(await site.run(['rerun', '1', '-q'], options)).toMatchObject({ code: 1, out });
    const listed = (await site.run(['runs', '--json'], options)).out.split('\n').filter(Boolean);
    expect(listed.map((line) => JSON.parse(line) as object)).toMatchObject([
      { no: 2, status: 'failed', rerunOf: { no: 1 } },
      { no: 1, status: 'failed' },
    ]);
    const exec = site.start(['exec', '-t', 'local', '--', 'echo ready; exec sleep 300'], options);
    await exec.untilWritten('ready');
    exec.interrupt();
    const { code, signal } = await exec.ended;
    // Some shells die of the signal themselves.
    expect(code ?? signal).toBe(signal ?? 130);
    expect(site.processes()).toEqual([]);
    const [last = ''] = (await site.run(['runs', '--json'], options)).out.split('\n');
    expect(JSON.parse(last)).toMatchObject({ no: 3, status: 'cancelled', phase: 'by_user' });
  });
});
