/** What a response's `securityDetails()` says of the TLS connection it came over. */
import type { PeerCertificate, TLSSocket } from 'node:tls';

/** The TLS connection that a response came over, and the server's certificate. */
export interface SecurityDetails {
  /** Common name of whoever issued the server's certificate. */
  readonly issuer?: string;
  /** Version of TLS, such as `TLSv1.3`. */
  readonly protocol?: string;
  /** Common name of the server's certificate. */
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
