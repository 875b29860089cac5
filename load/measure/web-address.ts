/** Addresses from outside (a CI system, a template) as a report may link to them. */
import { maskText } from './mask.ts';

/** Slack refuses a whole message for one text of more than 3,000 characters. */
const longestAddress = 2_000;

/** An address that a click may open, in characters that end no link; undefined for anything else. */
export function webAddress(text: string | undefined): string | undefined {
  if (text === undefined || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  if (text.length > longestAddress) return undefined;
  const url = new URL(text);
  [url.username, url.password] = ['', ''];
  return maskText(url.href).replace(
    /[()<>|`\s\\[\]]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
