/**
 * Client certificates, read and tried as their context is made. Node would find out what is wrong with them as the
 * first socket opens, in an event that nobody could answer for.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type KeyObject, type PxfObject, type SecureContext } from 'node:tls';
import { show } from '../measure/units.ts';
import { OptionsError, throwProblems } from '../options-error.ts';
import type { RequestContextOptions } from './request-options.ts';

export type ClientCertificates = NonNullable<RequestContextOptions['clientCertificates']>;
type ClientCertificate = ClientCertificates[number];

/** What an origin is offered: all that the option has for it. */
export interface OriginCertificates {
  readonly secureContext: SecureContext;
  /** Equal certificates have equal keys. */
  readonly key: string;
}

export type CertificatesByOrigin = ReadonlyMap<string, OriginCertificates>;

/** What was read once for many contexts. */
const held = new WeakMap<ClientCertificates, CertificatesByOrigin>();

/** The same certificates, to be read and tried no more by the contexts they are given to. Throws as `certificatesByOrigin`. */
export function holdCertificates(option: ClientCertificates): ClientCertificates {
  const copy = [...option];
  held.set(copy, certificatesByOrigin(option));
  return copy;
}

/** Throws an `OptionsError` that names each option and file that can't be read, or that Node refuses. */
export function certificatesByOrigin(option: ClientCertificates): CertificatesByOrigin {
  const known = held.get(option);
  if (known !== undefined) return known;
  const problems: string[] = [];
  const optionsByOrigin = new Map<string, Material[]>();
  for (const [at, certificate] of option.entries()) {
    const refuse = (words: string): void => void problems.push(`\`clientCertificates[${at}]\`: ${words}`);
    const origin = originOf(certificate.origin, refuse);
    optionsByOrigin.set(origin, [...(optionsByOrigin.get(origin) ?? []), triedOptions(certificate, refuse)]);
  }
  throwProblems(problems);
  return new Map([...optionsByOrigin].map(([origin, all]) => [origin, together(origin, all)]));
}

/** As Node takes it, each kind in a list. */
interface Material {
  readonly cert?: Buffer[];
  readonly key?: KeyObject[];
  readonly pfx?: PxfObject[];
}

type Refuse = (words: string) => void;

function originOf(origin: string, refuse: Refuse): string {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (url?.protocol === 'https:') return url.origin;
  refuse(`\`origin\` must be an origin such as \`https://example.com\`, got ${show(origin)}`);
  return origin;
}

/** Each part is tried by itself, so that an error names it, and then whether they belong together. */
function triedOptions(certificate: ClientCertificate, refuse: Refuse): Material {
  const { passphrase } = certificate;
  const secret = passphrase === undefined ? {} : { passphrase };
  const cert = triedPart({ certificate, name: 'cert', refuse }, (pem) => ({ cert: [pem] }));
  const key = triedPart({ certificate, name: 'key', refuse }, (pem) => ({ key: [{ pem, ...secret }] }));
  const pfx = triedPart({ certificate, name: 'pfx', refuse }, (buf) => ({ pfx: [{ buf, ...secret }] }));
  const all = { ...cert, ...key, ...pfx };
  if (cert && key) attempt(() => createSecureContext(all), 'its certificate and its key', refuse);
  return all;
}

function triedPart(
  { certificate, name, refuse }: { certificate: ClientCertificate; name: 'cert' | 'key' | 'pfx'; refuse: Refuse },
  optionsOf: (bytes: Buffer) => Material,
): Material | undefined {
  const { [name]: given, [`${name}Path` as const]: path } = certificate;
  if (given === undefined && path === undefined) return undefined;
  const words = given === undefined ? `\`${name}Path\` "${String(path)}"` : `\`${name}\``;
  return attempt(
    () => {
      const options = optionsOf(given ?? readFileSync(path ?? ''));
      createSecureContext(options);
      return options;
    },
    words,
    refuse,
  );
}

function attempt<Made>(make: () => Made, words: string, refuse: Refuse): Made | undefined {
  try {
    return make();
  } catch (error) {
    refuse(`${words} can't be used: ${reasonOf(error)}`);
    return undefined;
  }
}

/** Two of the same kind are more than OpenSSL keeps: it takes the second certificate for the first key. */
function together(origin: string, all: readonly Material[]): OriginCertificates {
  const options = {
    cert: all.flatMap(({ cert = [] }) => cert),
    key: all.flatMap(({ key = [] }) => key),
    pfx: all.flatMap(({ pfx = [] }) => pfx),
  };
  try {
    return { secureContext: createSecureContext(options), key: keyOf(options) };
  } catch (error) {
    throw new OptionsError([
      `\`clientCertificates\`: the ${all.length} of ${origin} can't be used together: ${reasonOf(error)}`,
    ]);
  }
}

function keyOf(options: Material): string {
  return createHash('sha256').update(JSON.stringify(options)).digest('base64url');
}

/** OpenSSL's reason, with what is most likely meant by it. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const hint = hints.find(([pattern]) => pattern.test(message))?.[1];
  return hint === undefined ? message : `${message} (${hint})`;
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/bad decrypt|mac verify failure|interrupted or cancelled/, 'is the `passphrase` right?'],
  [/key values mismatch/, 'the key belongs to another certificate'],
  [/no start line|bad end line|DECODER routines::unsupported/, 'it must be in PEM'],
  [/not enough data/, 'it must be in PKCS#12'],
  [/Unsupported PKCS12/, 'OpenSSL 3 has given its encryption up: write it anew with `openssl pkcs12 -export`'],
];
