import { describe, expect, it } from 'vitest';
import { runEnvironment } from '#adapters/local/run-environment';

describe('the environment of a script', () => {
  it('is the node’s own, with what the request adds', () => {
    const own = { PATH: '/bin', LANG: 'C', NODE_ENV: 'production', GONE: undefined };
    expect(runEnvironment(own, { LANG: 'de', EXTRA: '' })).toEqual({
      PATH: '/bin',
      LANG: 'de',
      NODE_ENV: 'production',
      EXTRA: '',
    });
  });

  it('has nothing that was meant for Drover and its runtime', () => {
    const own = {
      DROVER_PASSPHRASE: 'x',
      DROVER_RUN: 'outer.0',
      NODE_OPTIONS: '--inspect',
      NODE_CHANNEL_FD: '3',
      ELECTRON_RUN_AS_NODE: '1',
      npm_config_registry: 'x',
      INIT_CWD: '/x',
      NOTIFY_SOCKET: '/run/x',
      LISTEN_FDS: '1',
      VITEST: 'true',
    };
    expect(runEnvironment(own, {})).toEqual({});
    expect(runEnvironment(own, { NODE_OPTIONS: 'mine' })).toEqual({ NODE_OPTIONS: 'mine' });
  });

  it('drops the folders that npm put in front of PATH, and only when npm started the node', () => {
    const PATH = '/app/node_modules/.bin:/npm/node-gyp-bin:/usr/bin:/bin';
    expect(runEnvironment({ PATH, npm_lifecycle_event: 'start' }, {})).toEqual({ PATH: '/usr/bin:/bin' });
    expect(runEnvironment({ PATH }, {})).toEqual({ PATH });
    expect(runEnvironment({ PATH: '/bin', npm_lifecycle_event: 'start' }, { PATH })).toEqual({ PATH });
  });
});
