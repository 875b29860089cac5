/**
 * Where our context and Playwright's differ on purpose, by the title of the script that shows it. The differential test
 * fails for a difference that is not here, and for a row here that no longer differs. docs/request-context.md has the
 * same list in words.
 */
export const knownDifferences: Readonly<Record<string, string>> = {
  'raw switching-protocols': 'a 101 that nobody asked for is malformed at once; Playwright waits for its timeout',
  'raw until-reset': 'a body that ends in a reset is cut off; Playwright takes what came for the whole',
  'raw gzip-cut-off': 'a body cut off has the same words compressed or not; Playwright adds a code to one of them',
  'set-cookie: a=1; Domain=.0.0.1': 'a cookie for the suffix of an IP address is refused, as RFC 6265 says (5.1.3)',
  'cookies of longer paths and shorter paths': 'cookies of longer paths come first, as RFC 6265 says (5.4)',
  'a response once its context is disposed of': 'a response keeps its body until it is disposed of itself',
  'a context that is disposed of twice': 'the cookies of a disposed context can still be read',
  'a retry past an identity body that was reset': 'a body cut off is tried again, compressed or not',
  'retries used up by identity bodies that were reset': 'a body cut off is tried again, compressed or not',
  ...Object.fromEntries(
    ['maxRedirects', 'maxRetries', 'failOnStatusCode', 'ignoreHTTPSErrors'].map((name) => [
      `a call whose ${name} is null`,
      'a number or a switch that is null was not given, as with all other options; Playwright refuses these',
    ]),
  ),
};
