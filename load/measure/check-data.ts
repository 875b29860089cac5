/** What a scenario has checked by one name. */
export interface CheckData {
  passed: number;
  failed: number;
}

export function emptyCheck(): CheckData {
  return { passed: 0, failed: 0 };
}

export function addCheck(into: CheckData, from: CheckData): void {
  into.passed += from.passed;
  into.failed += from.failed;
}
