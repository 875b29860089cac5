/** Runs in the order of their news: what is not green comes first, `acceptable` before `passed`. */
import { verdictOrder } from '../../../load/verdict/verdict-order.ts';
import type { RunView } from '../run-view.ts';

const severity: readonly string[] = ['running', ...verdictOrder];

export function worstFirst(runs: readonly RunView[]): { readonly run: RunView; readonly index: number }[] {
  const rank = ({ state }: RunView) => severity.indexOf(state.kind === 'judged' ? state.verdict : 'running');
  return runs.map((run, index) => ({ run, index })).sort((a, b) => rank(a.run) - rank(b.run) || a.index - b.index);
}

/** `2 failed, 5 passed`. */
export function tallyOf(runs: readonly RunView[]): string {
  return severity
    .flatMap((word) => {
      const number = runs.filter(({ state }) => (state.kind === 'judged' ? state.verdict : 'running') === word).length;
      return number === 0 ? [] : [`${number} ${word}`];
    })
    .join(', ');
}
