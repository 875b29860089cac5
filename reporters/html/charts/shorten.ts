/** Cuts a text to so many letters as people count them: neither half an emoji nor a lone accent is left. */
export function shorten(text: string, longest: number): string {
  if (text.length <= longest) return text;
  let letters = 0;
  for (const { index } of new Intl.Segmenter('en').segment(text.slice(0, longest * 16))) {
    letters += 1;
    if (letters === longest) return `${text.slice(0, index)}…`;
  }
  return text;
}

/** The same, cut in its middle: names that begin alike are told apart by their ends. */
export function shortenInside(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const letters = [...new Intl.Segmenter('en').segment(text)].map(({ segment }) => segment);
  if (letters.length <= longest) return text;
  const tail = Math.floor((longest - 1) / 2);
  return `${letters
    .slice(0, longest - 1 - tail)
    .join('')
    .trimEnd()}…${letters.slice(-tail).join('').trimStart()}`;
}
