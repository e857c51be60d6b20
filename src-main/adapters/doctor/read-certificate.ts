import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CertificateFacts } from '#core/ports-doctor';

type TlsFiles = { readonly certFile: string; readonly keyFile: string };

/** The certificate of the console, and whether it belongs to its key. Never throws. */
export function readCertificate(tls: TlsFiles | null): CertificateFacts {
  if (tls === null) {
    return { kind: 'none' };
  }
  try {
    const certificate = new X509Certificate(readFileSync(tls.certFile));
    const isKeyOfIt = certificate.checkPrivateKey(createPrivateKey(readFileSync(tls.keyFile)));
    return { kind: 'read', path: tls.certFile, validTo: certificate.validToDate.getTime(), isKeyOfIt };
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    const where = path ?? `${tls.certFile} or ${tls.keyFile}`;
    return { kind: 'unusable', message: `${where} cannot be used (${code ?? 'not what it should be'})` };
  }
}
