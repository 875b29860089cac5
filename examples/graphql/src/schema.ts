import { buildSchema, GraphQLError } from 'graphql';
import { addReview, findProduct, findProducts, findReviews, type Product, type Review } from './store.ts';

export const schema = buildSchema(`
  type Review {
    author: String!
    stars: Int!
  }

  type Product {
    id: ID!
    title: String!
    reviews: [Review!]!
    "Null as long as nobody has reviewed it."
    averageStars: Float
  }

  type Query {
    products(first: Int = 20): [Product!]!
    product(id: ID!): Product!
  }

  type Mutation {
    addReview(product: ID!, author: String!, stars: Int!): Product!
  }
`);

const withReviews = (product: Product) => ({
  ...product,
  reviews: () => findReviews(product.id),
  averageStars: async () => averageOf(await findReviews(product.id)),
});

function averageOf(reviews: readonly Review[]): number | null {
  if (reviews.length === 0) return null;
  return reviews.reduce((sum, { stars }) => sum + stars, 0) / reviews.length;
}

async function product({ id }: { readonly id: string }) {
  const found = await findProduct(id);
  if (found === undefined) throw new GraphQLError(`there is no product ${id}`);
  return withReviews(found);
}

export const rootValue = {
  products: async ({ first }: { readonly first: number }) => (await findProducts(first)).map(withReviews),
  product,
  addReview: async ({ product: id, ...review }: Review & { readonly product: string }) => {
    await addReview(id, review);
    return product({ id });
  },
};
