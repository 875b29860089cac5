/** Versions against ranges as package.json has them: comparisons joined by spaces, alternatives by `||`. */
export function satisfies(version: string, range: string): boolean {
  return range.split('||').some((all) => {
    const comparisons = all.trim().split(/\s+/);
    return comparisons.every((each) => satisfiesOne(numbersOf(version), each));
  });
}

function satisfiesOne(version: readonly number[], comparison: string): boolean {
  const [, sign = '', text = ''] = /^(>=|<=|>|<|=|\^|~)?v?(.*)$/.exec(comparison) ?? [];
  if (text === '' || text === '*') return true;
  const bound = numbersOf(text);
  const order = compare(version, bound);
  switch (sign) {
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case '^':
      return order >= 0 && version[0] === bound[0];
    case '~':
      return order >= 0 && version[0] === bound[0] && version[1] === bound[1];
    default:
      return order === 0;
  }
}

/** Without what follows a hyphen: a release to come counts as that release. */
function numbersOf(text: string): readonly number[] {
  const [plain = ''] = text.split(/[-+]/);
  return [0, 1, 2].map((at) => Number(plain.split('.')[at] ?? 0));
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((number, index) => number !== other[index]);
  return at === -1 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}
