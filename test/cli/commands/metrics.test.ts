import { describe, expect, it } from 'vitest';
import { runCli } from '../../../src-main/cli/program.ts';
import { createFakeHost } from '../fake-host.ts';

const engine = {
  calls: {
    'metrics.token': () => ({ token: 'drover_metrics_x', createdAt: 5 }),
    'metrics.revoke': () => ({ revoked: false }),
    'metrics.read': () => ({ contentType: 'text/plain', text: 'drover_healthy 1\n' }),
  },
};

describe('drover metrics', () => {
  it('prints the token alone, so that it can be written into a file', async () => {
    const { host, out, err } = createFakeHost({ engine });
    expect(await runCli(['metrics', 'token'], host)).toBe(0);
    expect(out.text).toBe('drover_metrics_x\n');
    expect(err.text).toBe('');
    const watched = createFakeHost({ engine, terminal: { err: true } });
    await runCli(['metrics', 'token'], watched.host);
    expect(watched.err.text).toContain('not shown again');
  });

  it('shows the numbers, and says whether there was a token to revoke', async () => {
    const { host, out } = createFakeHost({ engine });
    expect(await runCli(['metrics', 'show'], host)).toBe(0);
    expect(await runCli(['metrics', 'revoke'], host)).toBe(0);
    expect(out.text).toBe('drover_healthy 1\nThere was no token.\n');
  });

  it('gives JSON where it is asked for, and is no command by itself', async () => {
    const { host, out, err } = createFakeHost({ engine });
    await runCli(['metrics', 'token', '--json'], host);
    expect(JSON.parse(out.text)).toEqual({ token: 'drover_metrics_x', createdAt: 5 });
    expect(await runCli(['metrics'], host)).toBe(2);
    expect(err.text).toContain('show, token, revoke');
  });
});
