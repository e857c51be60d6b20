import { describe, expect, it } from 'vitest';
import { type ConfigSources, loadConfig } from '../src-main/config.ts';

function load({ file, ...change }: Partial<ConfigSources> & { file?: unknown } = {}) {
  const read: string[] = [];
  const config = loadConfig({
    flags: {},
    env: {},
    platform: 'linux',
    homedir: '/home/ada',
    hostname: 'ada-laptop',
    cwd: '/work-here',
    readFile: (path) => {
      read.push(path);
      return file === undefined ? undefined : typeof file === 'string' ? file : JSON.stringify(file);
    },
    ...change,
  });
  return { config, read };
}

describe('the data folder', () => {
  it.each([
    ['linux', {}, '/home/ada/.local/share/drover'],
    ['linux', { XDG_DATA_HOME: '/big' }, '/big/drover'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/ada/.local/share/drover'],
    ['darwin', { XDG_DATA_HOME: '/big' }, '/home/ada/Library/Application Support/Drover'],
    ['linux', { DROVER_DATA: '/env' }, '/env'],
    ['linux', { DROVER_DATA: '' }, '/home/ada/.local/share/drover'],
  ] as const)('on %s with %j is %s', (platform, env, folder) => {
    expect(load({ platform, env }).config.dataDir).toBe(folder);
  });

  it('on Windows is below APPDATA', () => {
    const windows = { platform: 'win32', homedir: 'C:\\Users\\ada', cwd: 'D:\\x' } as const;
    expect(load({ ...windows, env: { APPDATA: 'C:\\Roam' } }).config.dataDir).toBe('C:\\Roam\\Drover');
    expect(load(windows).config.dataDir).toBe('C:\\Users\\ada\\AppData\\Roaming\\Drover');
  });

  it('is what the flag says, from the current folder on, before everything else', () => {
    const { config, read } = load({ flags: { data: 'there' }, env: { DROVER_DATA: '/env' } });
    expect(config.dataDir).toBe('/work-here/there');
    expect(read).toEqual(['/work-here/there/drover.json']);
  });

  it('has to be named by an account without a home', () => {
    expect(() => load({ homedir: '' })).toThrow(/--data or DROVER_DATA/);
    expect(load({ homedir: '', flags: { data: '/d' } }).config.dataDir).toBe('/d');
  });
});

describe('a configuration', () => {
  it('has defaults for everything', () => {
    expect(load().config).toEqual({
      dataDir: '/home/ada/.local/share/drover',
      name: 'ada-laptop',
      listen: { host: '127.0.0.1', port: 7070 },
      tls: null,
      behindProxy: false,
      hostNames: [],
      logLevel: 'info',
      log: { maxBytes: 10_000_000, keep: 5 },
      fixed: [],
    });
  });

  it('takes flags before the environment, that before the file, and that before the defaults', () => {
    const log = { maxBytes: 1_000, keep: 2 };
    const file = {
      name: 'file',
      listen: '127.0.0.1:1',
      logLevel: 'warn',
      log,
      limits: { runsAtOnce: 1, killAfterS: 2 },
    };
    const env = { DROVER_NAME: 'env', DROVER_LISTEN: '127.0.0.1:2', DROVER_RUNS_AT_ONCE: '3', DROVER_LOG_KEEP: '9' };
    const { config } = load({ file, env, flags: { name: 'flag' } });
    expect(config.name).toBe('flag');
    expect(config.listen.port).toBe(2);
    expect(config.logLevel).toBe('warn');
    expect(config.log).toEqual({ maxBytes: 1_000, keep: 9 });
    expect(config.fixed).toEqual([
      { name: 'limits.runsAtOnce', value: 3, by: 'DROVER_RUNS_AT_ONCE' },
      { name: 'limits.killAfterS', value: 2, by: '/home/ada/.local/share/drover/drover.json' },
    ]);
  });

  it('reads every setting from the environment', () => {
    const { config } = load({
      env: {
        DROVER_NAME: 'n',
        DROVER_LISTEN: '[::1]:0',
        DROVER_TLS_CERT: 'c.pem',
        DROVER_TLS_KEY: '/k.pem',
        DROVER_BEHIND_PROXY: '0',
        DROVER_HOST_NAMES: 'a.example.com, b',
        DROVER_LOG_LEVEL: 'debug',
        DROVER_LOG_MAX_BYTES: '0',
        DROVER_OUTPUT_PER_STREAM_BYTES: '1e6',
        DROVER_OUTPUT_PER_RUN_BYTES: '2000000',
        DROVER_MIN_FREE_SHARE: '0.1',
        DROVER_CANCEL_FORCED_AFTER_S: '20',
        DROVER_KILL_AFTER_S: '5',
        DROVER_RUNS_AT_ONCE: '7',
        DROVER_QUEUE_LENGTH: '0',
        DROVER_SSH_CONNECTIONS: '12',
        DROVER_SSH_IDLE_CLOSE_S: '30',
        DROVER_QUICK_STOP_AFTER: '5',
      },
    });
    expect(config).toMatchObject({
      name: 'n',
      listen: { host: '::1', port: 0 },
      tls: { certFile: '/work-here/c.pem', keyFile: '/k.pem' },
      behindProxy: false,
      hostNames: ['a.example.com', 'b'],
      logLevel: 'debug',
      log: { maxBytes: 0, keep: 5 },
    });
    expect(Object.fromEntries(config.fixed.map(({ name, value }) => [name, value]))).toEqual({
      'limits.outputPerStreamBytes': 1_000_000,
      'limits.outputPerRunBytes': 2_000_000,
      'limits.minFreeShare': 0.1,
      'limits.cancelForcedAfterS': 20,
      'limits.killAfterS': 5,
      'limits.runsAtOnce': 7,
      'limits.queueLength': 0,
      'ssh.connections': 12,
      'ssh.idleCloseS': 30,
      'quick.stopAfter': '5',
    });
  });

  it('leaves variables alone that belong to scripts, and empty ones', () => {
    expect(load({ env: { DROVER_PARAM_PW: 'x', DROVER_LISTEN: ' ' } }).config.listen.port).toBe(7070);
  });

  it('takes paths of the file from the folder of the file', () => {
    const { config } = load({ flags: { data: '/d' }, file: { tls: { certFile: 'c.pem', keyFile: 'k.pem' } } });
    expect(config.tls).toEqual({ certFile: '/d/c.pem', keyFile: '/d/k.pem' });
  });

  it('may begin with a byte order mark, as some editors write it', () => {
    expect(load({ file: '\ufeff{"name":"x"}' }).config.name).toBe('x');
  });
});

describe('what is wrong in a configuration', () => {
  const file = '/home/ada/.local/share/drover/drover.json';

  it.each([
    [{ listne: 'x' }, `${file}: listne is not a setting; allowed: name, listen, tls`],
    [{ limits: { runs: 1 } }, `${file}: limits.runs is not a setting; allowed: runsAtOnce, queueLength`],
    [{ log: { files: 3 } }, `${file}: log.files is not a setting; allowed: maxBytes, keep`],
    [{ log: { keep: -1 } }, `${file}: log.keep must be a whole number from 0 to 100`],
    [{ tls: { cert: 'x' } }, `${file}: tls.cert is not a setting; allowed: certFile, keyFile`],
    [{ limits: { runsAtOnce: 0 } }, `${file}: limits.runsAtOnce must be a whole number from 1 to 10000`],
    [{ limits: { runsAtOnce: 1.5 } }, `${file}: limits.runsAtOnce must be a whole number from 1 to 10000`],
    [{ limits: { minFreeShare: 2 } }, `${file}: limits.minFreeShare must be a number from 0 to 0.9`],
    [{ limits: { killAfterS: 60 } }, 'limits.killAfterS (60) must be less than limits.cancelForcedAfterS (60)'],
    [{ listen: 7070 }, `${file}: listen must be HOST:PORT`],
    [{ listen: '127.0.0.1:99999' }, `${file}: listen must be HOST:PORT`],
    [{ behindProxy: 'yes' }, `${file}: behindProxy must be true or false`],
    [{ logLevel: 'loud' }, `${file}: logLevel must be one of debug, info, warn, error`],
    [{ hostNames: ['http://x'] }, `${file}: hostNames.0 must be a list of host names`],
    [{ name: '' }, `${file}: name must be a text of 1 to 64 characters`],
    [[], `${file} must be a JSON object`],
    ['{"name"', `${file} is not JSON`],
  ])('%j is told with its place and what is allowed', (content, message) => {
    expect(() => load({ file: content })).toThrow(expect.objectContaining({ code: 'bad-input' }));
    expect(() => load({ file: content })).toThrow(message);
  });

  it('is told by the name of the variable or the flag it came from', () => {
    expect(() => load({ env: { DROVER_RUNS_AT_ONCE: 'many' } })).toThrow(
      'DROVER_RUNS_AT_ONCE must be a whole number from 1 to 10000',
    );
    expect(() => load({ env: { DROVER_BEHIND_PROXY: 'maybe' } })).toThrow('DROVER_BEHIND_PROXY must be true or false');
    expect(() => load({ env: { DROVER_HOST_NAMES: 'a,b:80' } })).toThrow('DROVER_HOST_NAMES must be a list');
    expect(() => load({ flags: { listen: '7070' } })).toThrow('--listen must be HOST:PORT');
  });

  it('tells everything that is wrong at once', () => {
    expect(() => load({ file: { nmae: 1, logLevel: 'x' } })).toThrow(/logLevel must be.*; .*nmae is not a setting/);
  });

  it('is also a file that cannot be read', () => {
    const readFile = (): never => {
      throw new Error('EACCES: permission denied');
    };
    expect(() => load({ readFile })).toThrow(expect.objectContaining({ code: 'data-folder' }));
  });
});

describe('listening beyond this machine', () => {
  it.each(['127.0.0.1:1', '127.8.8.8:1', 'localhost:1', '[::1]:1'])('%s needs nothing', (listen) => {
    expect(load({ flags: { listen } }).config.tls).toBeNull();
  });

  it.each(['0.0.0.0:1', '[::]:1', '10.0.0.5:1', 'node.example.com:1', '127.0.0.1.example.com:1'])(
    '%s is refused without TLS or a proxy, with the remedy',
    (listen) => {
      expect(() => load({ flags: { listen } })).toThrow(
        expect.objectContaining({
          code: 'bad-input',
          detail: { remedy: expect.stringContaining('--behind-proxy') as string },
        }),
      );
      expect(load({ flags: { listen, behindProxy: true } }).config.behindProxy).toBe(true);
      expect(load({ flags: { listen, tlsCert: '/c', tlsKey: '/k' } }).config.tls).toEqual({
        certFile: '/c',
        keyFile: '/k',
      });
    },
  );

  it('needs a certificate and its key, or a proxy, and not both', () => {
    expect(() => load({ flags: { tlsCert: '/c' } })).toThrow('belong together');
    expect(() => load({ flags: { tlsCert: '/c', tlsKey: '/k', behindProxy: true } })).toThrow('by the proxy');
    expect(load({ flags: { tlsKey: '/k' }, env: { DROVER_TLS_CERT: '/c' } }).config.tls).not.toBeNull();
  });
});
