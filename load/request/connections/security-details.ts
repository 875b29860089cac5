/** What a response's `securityDetails()` says of the TLS connection it came over. */
import type { PeerCertificate, TLSSocket } from 'node:tls';

export interface SecurityDetails {
  readonly issuer?: string;
  readonly protocol?: string;
  readonly subjectName?: string;
  /** Seconds since 1970. */
  readonly validFrom?: number;
  /** Seconds since 1970. */
  readonly validTo?: number;
}

export function securityOf(socket: TLSSocket): SecurityDetails {
  const protocol = socket.getProtocol();
  // Typed as always complete, yet an empty object when the session was resumed.
  const certificate: Partial<PeerCertificate> = socket.getPeerCertificate();
  return {
    ...(protocol !== null && { protocol }),
    ...(certificate.valid_from !== undefined &&
      certificate.valid_to !== undefined && {
        ...named('subjectName', certificate.subject?.CN),
        ...named('issuer', certificate.issuer?.CN),
        validFrom: new Date(certificate.valid_from).getTime() / 1_000,
        validTo: new Date(certificate.valid_to).getTime() / 1_000,
      }),
  };
}

/** A name that occurs several times is an array; the first counts. */
function named(key: 'subjectName' | 'issuer', value: string | string[] | undefined): SecurityDetails {
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined ? {} : { [key]: first };
}
