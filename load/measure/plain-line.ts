/**
 * Text from outside (names, titles, messages) as one line that is nothing but text: no control sequence for a terminal,
 * no line break, no command for the CI system that reads the log. Runs in a browser too.
 */

/** Control sequences (ECMA-48): CSI, strings such as a window title up to their end, and the two-character ones. */
const controlSequences = new RegExp(
  [
    '(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]',
    '(?:\\u001b[\\]PX^_]|[\\u009d\\u0090\\u0098\\u009e\\u009f])[^\\u0007\\u001b\\u009c]*(?:\\u0007|\\u001b\\\\|\\u009c)',
    '\\u001b[0-~]',
  ].join('|'),
  'gu',
);
const lineBreaks = /[\n\r\t\v\f\u0085\u2028\u2029]+/gu;
/** Controls, private and unassigned code points, lone surrogates, and format characters such as bidi overrides; the joiner of emoji stays. */
const invisible = /[^\P{C}\u200D]/gu;
/** GitHub obeys a line that begins with `::`; a long line may be wrapped before any word. */
const commandAtStart = /(^|\s):{2,}/gu;
/** `##[…]` of GitHub, `##vso[…]` of Azure and `##teamcity[…]` are obeyed anywhere in a line. */
const commandAnywhere = /##(?=\w*\[)/gu;

/** One line without control sequences and commands; what a terminal would act on is gone, what it could not show is `�`. */
export function plainLine(text: string): string {
  return text
    .replace(controlSequences, '')
    .replace(lineBreaks, ' ')
    .replace(invisible, '�')
    .replace(commandAtStart, (colons) => colons.replaceAll('::', ': :').replaceAll('::', ': :'))
    .replace(commandAnywhere, '# #')
    .trim();
}
