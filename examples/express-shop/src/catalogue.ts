export interface Product {
  readonly slug: string;
  readonly title: string;
  /** In cents. */
  readonly price: number;
}

const colours = ['black', 'blue', 'green', 'red', 'white'];
const things = { bowl: 1_450, cup: 690, jug: 2_800, plate: 1_190 };

export const catalogue: readonly Product[] = colours.flatMap((colour) =>
  Object.entries(things).map(([thing, price]) => ({ slug: `${colour}-${thing}`, title: `${colour} ${thing}`, price })),
);
