/**
 * Which names say that their value opens a door: of headers, URL parameters, fields of a body. A name is taken apart
 * into its words (`accessToken`, `X-Access-Token` and `user%5Baccess_token%5D` alike), so `monkey` and `author` are not
 * taken for keys and authorisations.
 */

/** `parameter`: of a URL, a form or a header, where a bare `code` or `key` is a secret; in a `field` it is data. */
export type NamePlace = 'parameter' | 'field';

/** Secret as the end of a word: `phpsessid`, `csrftoken`, `newpassword`. */
const secretEnding =
  /(?:tokens?|secrets?|passwords?|passwd|passphrase|passcode|credentials?|apikeys?|accesskey|secretkey|privatekey|sessionid|sessid|sessionkey|signature|csrf|xsrf|jwt|cookies?|authorization)$/;
/** Secret as a whole word. */
const secretWords = new Set(
  'pwd pass pin otp totp sid sig jws hmac cvv cvc session verifier assertion saml samlrequest samlresponse bearer'.split(
    ' ',
  ),
);
/** Secret as the last word. */
const secretLast = new Set(['auth']);
/** Words before `key` that make it a secret in any place. */
const secretKeys = new Set(
  'api access private secret encryption signing sign master subscription account shared ssh session auth client license storage service admin deploy webhook'.split(
    ' ',
  ),
);
/** Words before `key` that say it opens nothing. */
const openKeys = new Set(
  'idempotency cache surrogate websocket sort order partition routing foreign primary public group lookup object map row index'.split(
    ' ',
  ),
);
/** Words before or after `code` that make it one to log in with. */
const secretCodes = new Set('auth authorization device user verification login recovery backup access'.split(' '));
/** A last word that says the value is about a secret, not the secret: `token_type`, `session-affinity`. */
const about = new Set(
  'count counts type types expires expiry expiration ttl age length len size limit limits usage used budget policy endpoint affinity required enabled valid method methods status error errors issuer at in since until time date min max rate seconds remaining reset per'.split(
    ' ',
  ),
);

/** Words of a name, in lower case. */
function wordsOf(name: string): string[] {
  return decoded(name)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => word.replace(/(?<=\D)\d+$/, ''))
    .filter((word) => word !== '');
}

export function isSecretName(name: string, place: NamePlace): boolean {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  if (words.length === 0 || (words.length > 1 && about.has(last))) return false;
  if (secretLast.has(last) || words.some((word) => secretWords.has(word) || secretEnding.test(word))) return true;
  const others = words.slice(0, -1);
  if (last === 'key' || last === 'keys') return isSecretKey(others, place);
  if (last === 'code')
    return (place === 'parameter' && others.length === 0) || others.some((word) => secretCodes.has(word));
  return false;
}

function isSecretKey(others: readonly string[], place: NamePlace): boolean {
  if (others.some((word) => secretKeys.has(word))) return true;
  return place === 'parameter' && !others.some((word) => openKeys.has(word));
}

/** Values that are no secret under any name. */
const plainValue = /^(?:true|false|null|undefined|none|\*\*\*)?$/i;
const number = /^-?\d+(?:\.\d+)?$/;
const numericSecret = /^(?:pin|otp|totp|cvv|cvc|pass\w*|pwd|secret)$/;

/** `max_tokens=100` and `"session": 5` count; `"pin": 1234` and `token=123456` do not. `bare`: a number, not a text of digits. */
export function isPlainValue(name: string, value: string, bare: boolean): boolean {
  if (plainValue.test(value)) return true;
  if (!number.test(value)) return false;
  const words = wordsOf(name);
  if (words.at(-1) === 'tokens' || words.at(-1) === 'sessions') return true;
  return bare && !words.some((word) => numericSecret.test(word));
}

/** A name may be percent-encoded, even twice. Half a sequence stays as it is. */
function decoded(name: string): string {
  const once = (text: string) =>
    text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
      try {
        return decodeURIComponent(run);
      } catch {
        return run; // no UTF-8: the rest of the name says what it is
      }
    });
  return name.includes('%') ? once(once(name)) : name;
}
