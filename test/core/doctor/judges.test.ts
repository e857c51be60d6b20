import { describe, expect, it } from 'vitest';
import type { ArchiveFacts, Finding, FolderFacts, SshFacts } from '#core/ports-doctor';
import {
  judgeArchive,
  judgeCertificate,
  judgeClock,
  judgeCopies,
  judgeLog,
  judgeSecrets,
} from '#core/doctor/judge-contents';
import { judgeDisk, judgeEngine, judgeFolder, judgeOpenFiles, judgeProgram } from '#core/doctor/judge-place';
import { judgeSsh, judgeSurroundings } from '#core/doctor/judge-reach';

const now = Date.parse('2026-11-28T12:00:00Z');
const day = 24 * 3_600_000;
const program = { version: '1.0.0', node: '24.0.0', sqlite: '3.54.1', platform: 'linux x64', uid: 1_000 };

/** What is not well says what to do, and what is well asks for nothing. */
function expectFinding(finding: Finding | undefined, state: Finding['state'], words: RegExp): void {
  expect(finding).toMatchObject({ state, seen: expect.stringMatching(words) as string });
  expect(finding?.remedy === null).toBe(state === 'ok');
}

const sound: ArchiveFacts = {
  kind: 'sound',
  bytes: 2_000_000,
  walBytes: 0,
  isWhole: true,
  schema: 40,
  knownSchema: 40,
  runs: 12,
  credentials: 2,
  newestAt: now - day,
  minFreeShare: null,
  copies: { at: '', lastMadeAt: null, failure: null },
};

describe('the place of a node', () => {
  const folder: FolderFacts = {
    path: '/srv/d',
    kind: 'folder',
    uid: 1_000,
    mode: 0o40700,
    isWritable: true,
    network: null,
  };

  it.each([
    [{}, 'ok', /mode 0700/],
    [{ kind: 'absent' }, 'ok', /not there yet/],
    [{ kind: 'other' }, 'fail', /not a folder/],
    [{ uid: 33 }, 'fail', /belongs to the account 33/],
    [{ isWritable: false }, 'fail', /cannot be written/],
    [{ mode: 0o40770 }, 'fail', /others may write/],
    [{ mode: 0o40755 }, 'warn', /others may look inside/],
    [{ network: 'NFS' }, 'fail', /network disk \(NFS\)/],
    [{ mode: null, uid: null }, 'ok', /local disk/],
  ] as const)('with %j is %s', (change, state, words) => {
    expectFinding(judgeFolder({ ...folder, ...change }, 1_000), state, words);
  });

  it('may be looked at by the superuser, whoever owns it', () => {
    expect(judgeFolder(folder, 0).state).toBe('ok');
  });

  it.each([
    [0.5, 9e9, 'ok'],
    [0.09, 9e9, 'warn'],
    [0.5, 5e8, 'warn'],
    [0.04, 9e9, 'fail'],
  ] as const)('with %d of its disk free, %d bytes, is %s', (share, bytes, state) => {
    expectFinding(judgeDisk({ share, bytes }, 0.05), state, /new runs need 5 %/);
  });

  it('knows a SQLite that is too old', () => {
    expectFinding(judgeProgram(program), 'ok', /SQLite 3\.54\.1/);
    expectFinding(judgeProgram({ ...program, sqlite: '3.51.2' }), 'fail', /3\.51\.2/);
    expectFinding(judgeProgram({ ...program, sqlite: '3.51.3' }), 'ok', /3\.51\.3/);
    expectFinding(judgeProgram({ ...program, sqlite: '4.0.0' }), 'ok', /4\.0\.0/);
  });

  const answer = { version: '1.0.0', startedAt: now - 3_600_000, trouble: null };
  const served = { isLocked: true, pid: 7, lockedAt: now - 7_200_000, lockedUpS: 5, answer };

  it.each([
    [{ isLocked: false, answer: null }, 'ok', /None runs/],
    [{}, 'ok', /process 7 serves it, Drover 1\.0\.0, for 2 h/],
    [{ answer: null }, 'fail', /process 7, which does not answer/],
    [{ answer: null, pid: null }, 'fail', /another process/],
    [{ answer: { ...answer, version: '0.9.0' } }, 'warn', /this program is 1\.0\.0/],
    [{ answer: { ...answer, trouble: 'The disk is full' } }, 'fail', /The disk is full/],
  ] as const)('says who serves it: %j', (change, state, words) => {
    expectFinding(judgeEngine({ ...served, ...change }, program, now), state, words);
  });

  it('needs as many open files as its settings say', () => {
    const needs = { connections: 256, runsAtOnce: 200 };
    expectFinding(judgeOpenFiles({ limit: 1_048_576, used: 40 }, needs), 'ok', /40 are/);
    expectFinding(judgeOpenFiles({ limit: 1_024, used: null }, needs), 'warn', /may need 1256/);
    expectFinding(judgeOpenFiles(null, needs), 'ok', /cannot be told/);
  });
});

describe('the contents of a node', () => {
  it.each([
    [{ kind: 'absent' }, 'ok', /none yet/],
    [{ kind: 'unusable', message: 'It is damaged' }, 'fail', /It is damaged/],
    [sound, 'ok', /12 runs, 2\.0 MB/],
    [{ ...sound, schema: 30 }, 'ok', /brings it to schema 40/],
    [{ ...sound, walBytes: 2e9 }, 'warn', /log has grown large/],
    [{ ...sound, isWhole: false }, 'ok', /tables a start needs/],
  ] as const)('are an archive: %j', (archive, state, words) => {
    expectFinding(judgeArchive(archive), state, words);
  });

  it('are secrets that can be opened, or not', () => {
    const locked = { state: 'locked', openers: ['passphrase'], message: 'The secrets are locked.' } as const;
    expectFinding(judgeSecrets({ state: 'open', openers: [], message: '' }, sound), 'ok', /None are stored/);
    expectFinding(judgeSecrets({ state: 'open', openers: ['key-file'], message: '' }, sound), 'ok', /by a key file/);
    expectFinding(judgeSecrets(locked, sound), 'fail', /2 credentials cannot be used/);
    expectFinding(judgeSecrets(locked, { ...sound, credentials: 0 }), 'warn', /locked/);
  });

  it('are copied by the day, or not', () => {
    const copied = (copies: object, fixed?: string): Finding =>
      judgeCopies({ ...sound, copies: { at: '', lastMadeAt: null, failure: null, ...copies } }, fixed, now);
    expectFinding(copied({}), 'ok', /copies\.at is not set/);
    expectFinding(copied({ at: '02:30' }), 'ok', /Every day at 02:30, none was made yet/);
    expectFinding(copied({ at: '02:30', lastMadeAt: now - day }), 'ok', /the last one 24 h ago/);
    expectFinding(
      copied({ lastMadeAt: now - 3 * day }, '04:00'),
      'warn',
      /Every day at 04:00, but the last one 3 days/,
    );
    expectFinding(copied({ failure: 'The disk is full' }), 'warn', /The disk is full/);
    expectFinding(judgeCopies({ kind: 'absent' }, undefined, now), 'ok', /nothing to copy/);
  });

  it('are a log, with or without errors', () => {
    expectFinding(judgeLog({ bytes: 0, files: 0, errors: 0, lastError: null }), 'ok', /not there yet/);
    expectFinding(judgeLog({ bytes: 9, files: 1, errors: 0, lastError: null }), 'ok', /1 file, 9 bytes/);
    expectFinding(judgeLog({ bytes: 9, files: 2, errors: 3, lastError: 'a run broke down' }), 'warn', /broke down/);
  });

  it.each([
    [null, 'ok', /24 h after the newest run/],
    [3_600_000, 'warn', /set forward by 60 min/],
    [-9_000, 'warn', /set back by 9 s/],
  ] as const)('are times of a clock that went %j ms ahead', (driftMs, state, words) => {
    expectFinding(judgeClock({ now, driftMs }, sound), state, words);
  });

  it('are times that the clock has reached', () => {
    const later = { ...sound, newestAt: now + 2 * day };
    expectFinding(judgeClock({ now, driftMs: null }, later), 'fail', /48 h before the newest run/);
    expectFinding(judgeClock({ now, driftMs: 1_000 }, { kind: 'absent' }), 'ok', /2026-11-28T12:00:00/);
  });

  it.each([
    [{ kind: 'none' }, 'ok', /None/],
    [{ kind: 'unusable', message: '/c.pem cannot be used (ENOENT)' }, 'fail', /ENOENT/],
    [{ kind: 'read', path: '/c.pem', validTo: now + 90 * day, isKeyOfIt: true }, 'ok', /valid to 2027-02-26/],
    [{ kind: 'read', path: '/c.pem', validTo: now + 3 * day, isKeyOfIt: true }, 'warn', /3 days left/],
    [{ kind: 'read', path: '/c.pem', validTo: now - 1, isKeyOfIt: true }, 'fail', /has expired/],
    [{ kind: 'read', path: '/c.pem', validTo: now + 90 * day, isKeyOfIt: false }, 'fail', /not belong to its key/],
  ] as const)('are a certificate: %j', (certificate, state, words) => {
    expectFinding(judgeCertificate(certificate, now), state, words);
  });
});

describe('the ways to other machines', () => {
  const ssh: SshFacts = {
    problem: null,
    names: 3,
    unused: [],
    knownHosts: [{ path: '/h/known_hosts', keys: 4, ignored: [], problem: null }],
    agent: { kind: 'none' },
  };
  const [config, hosts, agent] = [0, 1, 2];

  it('are what OpenSSH has', () => {
    const findings = judgeSsh(ssh);
    expect(findings.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok']);
    expect(findings[config]?.seen).toContain('3 names');
    expect(findings[hosts]?.seen).toContain('4 keys in 1 file');
  });

  it('say which file or line is wrong', () => {
    expectFinding(judgeSsh({ ...ssh, problem: '/h/config line 3 is not understood' })[config], 'fail', /line 3/);
    const unused = ['line 1 of a', 'line 2 of a', 'line 3 of a', 'line 4 of a'];
    expectFinding(judgeSsh({ ...ssh, unused })[config], 'warn', /line 3 of a and 1 more/);
    const unreadable = { path: '/h/known_hosts', keys: 0, ignored: [], problem: 'EACCES' };
    expectFinding(judgeSsh({ ...ssh, knownHosts: [unreadable] })[hosts], 'fail', /EACCES/);
    const strange = { path: '/h/known_hosts', keys: 1, ignored: [9], problem: null };
    expectFinding(judgeSsh({ ...ssh, knownHosts: [strange] })[hosts], 'warn', /line 9/);
  });

  it('say what the agent holds', () => {
    expectFinding(judgeSsh({ ...ssh, agent: { kind: 'keys', keys: 2 } })[agent], 'ok', /2 keys/);
    expectFinding(judgeSsh({ ...ssh, agent: { kind: 'keys', keys: 0 } })[agent], 'warn', /no keys/);
    expectFinding(judgeSsh({ ...ssh, agent: { kind: 'silent', reason: 'ENOENT' } })[agent], 'warn', /ENOENT/);
  });

  it('say what holds local scripts together, and whether there is an Ansible', () => {
    const [ansible, scripts] = judgeSurroundings({ ansible: null, holders: [], openFiles: null });
    expectFinding(ansible, 'ok', /only playbooks need it/);
    expectFinding(scripts, 'warn', /outlives a stop/);
    const [found, held] = judgeSurroundings({ ansible: 'ansible [core 2.14]', holders: ['keeper'], openFiles: null });
    expectFinding(found, 'ok', /core 2\.14/);
    expectFinding(held, 'ok', /keeper/);
  });
});
