/**
 * Masks secrets in whatever is kept of a request: by the name of a header, parameter or field, and by the shape of the
 * value. It works by pattern, not by parsing, since most bodies that are kept are cut off in the middle.
 */
import { maskAssignments, masked } from './mask-assignments.ts';
import { isPlainValue, isSecretName } from './secret-name.ts';

/** Header values that open doors become `***`; of the others, what in them does: a `Location` keeps its path. */
export function maskHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [maskText(name), maskHeader(name, value)]));
}

function maskHeader(name: string, value: string): string {
  return isSecretName(name, 'parameter') && !isPlainValue(name, value.trim(), false) ? masked : maskText(value);
}

/** A body, whole or its head: JSON, a form, multipart, XML, HTML or any text. */
export function maskBody(body: string): string {
  return isForm.test(body) ? maskForm(body) : maskText(body);
}

/** A form from its first character: its values may hold anything but `&`. */
const isForm = /^[^\s=&{}[\]<>"']{1,200}=[^\r\n]*$/;

function maskForm(body: string): string {
  return body
    .split('&')
    .map((pair) => {
      const at = pair.indexOf('=');
      const name = pair.slice(0, Math.max(at, 0));
      const secret = isSecretName(name, 'parameter') && !isPlainValue(name, pair.slice(at + 1), false);
      return secret ? `${name}=${masked}` : maskText(pair);
    })
    .join('&');
}

const privateKey = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,60}-----|$)/g;
/** The credentials before a host, up to the last `@` of it (RFC 3986, 3.2.1). */
const userInfo = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,30}:(?:\/\/|\\\/\\\/))[^\s/?#"<>\\]+@/gi;
/** A JWT (RFC 7519) begins with a JSON object in base64url, which is `eyJ`; it may be cut off anywhere. */
const jwt = /(?<![a-z0-9])eyJ(?:[\w-]{8,}|[\w-]*$)(?:(?:\.|%2e)[\w-]*)*/gi;
/** Keys that their makers gave a prefix to: AWS, GitHub, GitLab, Stripe, OpenAI, Slack, Google, npm, Vault. */
const knownKeys =
  /(?<![a-z0-9])(?:A(?:KIA|SIA)[0-9A-Z]{16}|gh[opsur]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|[rs]k[-_](?:live|test|proj|ant)[-_][\w-]{10,}|sk-[\w-]{20,}|xox[abeprs]-[\w-]{10,}|AIza[\w-]{30,}|ya29\.[\w-]{10,}|npm_\w{30,}|hv[bs]\.[\w-]{20,})/gi;
/** Of `Authorization`, wherever it stands. */
const scheme = /(?<![a-z0-9])(bearer|basic|negotiate|ntlm|digest)((?:\s|%20|\+)+)([\w.~+/%-]+=*)/gi;
/** Words that follow the name of a scheme in a sentence or in a challenge. */
const schemeWords =
  /^(?:tokens?|auth|authentication|authorization|access|scheme|schemes|credentials?|realm|error|scope|charset|header|headers|key|keys|is|was|are|or|and|not|for|in|required|missing|invalid|expected|format|plan|tier|user|users)[.]?$/i;

/** Any text: what in it is called a secret, and what looks like one. */
export function maskText(text: string): string {
  const named = maskAssignments(text.replace(privateKey, masked).replace(userInfo, `$1${masked}@`));
  return named
    .replace(scheme, (whole, word: string, gap: string, value: string) =>
      schemeWords.test(value.replace(/=+$/, '')) || value === masked ? whole : `${word}${gap}${masked}`,
    )
    .replace(jwt, masked)
    .replace(knownKeys, masked);
}
