/** What the doctor has to say of one thing. */
export interface Finding {
  /** What was looked at: `reporter`. */
  readonly name: string;
  /** `bad`: results would be wrong, or runs fail. `note`: worth knowing. */
  readonly state: 'fine' | 'note' | 'bad';
  readonly says: string;
  /** What to do about it; absent where nothing is to be done. */
  readonly advice?: string;
}

export const fine = (name: string, says: string): Finding => ({ name, state: 'fine', says });
export const note = (name: string, says: string, advice: string): Finding => ({ name, state: 'note', says, advice });
export const bad = (name: string, says: string, advice: string): Finding => ({ name, state: 'bad', says, advice });
