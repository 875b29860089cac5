/** The GraphQL operation that a call asks for in its body, whichever transport sends it. */
import { operationOf } from '../measure/samples/graphql-operation.ts';

/** GraphQL over HTTP has bodies in `POST` alone. One that was given as text is not parsed for it. */
export function operationIn(method: string, data: unknown): string | undefined {
  return method === 'POST' ? operationOf(data) : undefined;
}
