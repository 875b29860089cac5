import type { LoadRequestContext } from 'playload';

interface Answer<Data> {
  readonly data: Data;
  readonly errors?: readonly { readonly message: string }[];
}

/**
 * Asks, and throws what the answer says of errors: GraphQL tells them with a status of 200, which alone would count as
 * good. The row in every table is the operation's, by its name: `POST /graphql query Shelf`.
 */
export async function ask<Data>(request: LoadRequestContext, query: string, variables = {}): Promise<Data> {
  const response = await request.post<Answer<Data>>('/graphql', { data: { query, variables } });
  const { data, errors } = await response.json();
  if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join(', '));
  return data;
}
