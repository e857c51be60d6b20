import type { ArchiveFacts, CertificateFacts, ClockFacts, Finding, LogFacts, SecretsFacts } from '#core/ports-doctor';
import { count, doubtful, fine, sizeText, spanText, wrong } from './findings.ts';

const largeWal = 1_000_000_000;

export function judgeArchive(archive: ArchiveFacts): Finding {
  const check = 'archive';
  switch (archive.kind) {
    case 'absent':
      return fine(check, 'There is none yet: the first start makes it');
    case 'unusable':
      return wrong(
        check,
        archive.message,
        'Put back a copy (archive-v*.db beside it, or drover restore), or save what can be read: drover salvage --into FOLDER',
      );
    case 'sound': {
      const { bytes, walBytes, isWhole, schema, knownSchema, runs } = archive;
      const looked = isWhole ? 'SQLite finds nothing wrong' : 'SQLite finds nothing wrong in the tables a start needs';
      const seen = `${count(runs, 'run')}, ${sizeText(bytes)}, log ${sizeText(walBytes)}, schema ${schema}; ${looked}`;
      if (walBytes > largeWal) {
        return doubtful(
          check,
          `${seen}; its log has grown large`,
          'Something reads the archive for a long time: end it, or start the engine again',
        );
      }
      return fine(check, schema < knownSchema ? `${seen}; the next start brings it to schema ${knownSchema}` : seen);
    }
  }
}

const longAgoMs = 2 * 24 * 3_600_000;

/** What is copied by the day is as old as a day; a fixed time in the configuration is the same to it. */
export function judgeCopies(archive: ArchiveFacts, fixedAt: string | undefined, now: number): Finding {
  const check = 'copies';
  if (archive.kind !== 'sound') {
    return fine(check, 'There is nothing to copy');
  }
  const { lastMadeAt, failure } = archive.copies;
  const at = fixedAt ?? archive.copies.at;
  const last = lastMadeAt === null ? 'none was made yet' : `the last one ${spanText(now - lastMadeAt)} ago`;
  if (failure !== null) {
    return doubtful(check, `The last copy of the archive failed: ${failure}`, 'Mend that, then: drover copies --now');
  }
  if (at === '') {
    return fine(check, `None are made by the day (copies.at is not set), ${last}; drover backup makes one by hand`);
  }
  return lastMadeAt !== null && now - lastMadeAt > longAgoMs
    ? doubtful(
        check,
        `Every day at ${at}, but ${last}`,
        'Only an engine that serves makes them; or: drover copies --now',
      )
    : fine(check, `Every day at ${at}, ${last}`);
}

export function judgeSecrets({ state, openers, message }: SecretsFacts, archive: ArchiveFacts): Finding {
  const check = 'secrets';
  const stored = archive.kind === 'sound' ? archive.credentials : 0;
  if (state === 'locked') {
    return stored === 0
      ? doubtful(check, message, 'No credential needs them yet')
      : wrong(
          check,
          `${message} ${count(stored, 'credential')} cannot be used.`,
          'drover unlock, or as the sentence says',
        );
  }
  if (openers.length === 0) {
    return fine(check, 'None are stored; the first one makes the key file');
  }
  const words: Readonly<Record<string, string>> = {
    'key-file': 'a key file',
    passphrase: 'a passphrase',
    keyring: 'a keyring',
  };
  return fine(check, `Open, by ${openers.map((opener) => words[opener] ?? opener).join(' or ')}`);
}

export function judgeLog({ bytes, files, errors, lastError }: LogFacts): Finding {
  const check = 'log';
  const seen = files === 0 ? 'drover.log is not there yet' : `drover.log, ${count(files, 'file')}, ${sizeText(bytes)}`;
  return errors === 0
    ? fine(check, seen)
    : doubtful(
        check,
        `${seen}; ${count(errors, 'error')} in the last day, the last one: ${lastError ?? ''}`,
        'Read them: grep \'"level":50\' drover.log; drover support packs them for whoever can help',
      );
}

/** What a clock may be wrong by and nobody minds. */
const smallMs = 5_000;

export function judgeClock({ now, driftMs }: ClockFacts, archive: ArchiveFacts): Finding {
  const check = 'clock';
  const newestAt = archive.kind === 'sound' ? archive.newestAt : null;
  const seen = new Date(now).toISOString();
  if (newestAt !== null && newestAt > now + smallMs) {
    return wrong(
      check,
      `${seen}, which is ${spanText(newestAt - now)} before the newest run`,
      'Set the clock, and keep it by NTP (timedatectl set-ntp true)',
    );
  }
  if (driftMs !== null && Math.abs(driftMs) > smallMs) {
    return doubtful(
      check,
      `${seen}; it was set ${driftMs > 0 ? 'forward' : 'back'} by ${spanText(driftMs)} since the engine started`,
      'Keep it by NTP (timedatectl set-ntp true); durations are right all the same',
    );
  }
  return fine(check, newestAt === null ? seen : `${seen}, ${spanText(now - newestAt)} after the newest run`);
}

const soonMs = 14 * 24 * 3_600_000;

export function judgeCertificate(certificate: CertificateFacts, now: number): Finding {
  const check = 'certificate';
  switch (certificate.kind) {
    case 'none':
      return fine(check, 'None: the console speaks HTTP on this machine, or a proxy does TLS');
    case 'unusable':
      return wrong(
        check,
        certificate.message,
        'Put a certificate and its key, both PEM, where the configuration names them',
      );
    case 'read': {
      const left = certificate.validTo - now;
      const until = new Date(certificate.validTo).toISOString().slice(0, 10);
      const seen = `${certificate.path}, valid to ${until}`;
      if (!certificate.isKeyOfIt) {
        return wrong(check, `${seen}, does not belong to its key`, 'Name the key that the certificate was made for');
      }
      if (left <= 0) {
        return wrong(check, `${seen}: it has expired`, 'Put a new one in its place and start the engine again');
      }
      return left < soonMs ? doubtful(check, `${seen}: ${spanText(left)} left`, 'Renew it') : fine(check, seen);
    }
  }
}
