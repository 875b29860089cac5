/** There are two `FormData` in a process of Node's. */
import { FormData as NodeFormData } from 'undici';

/** Node's own FormData, or undici's, of which the global one is an older copy. */
export function isFormData(value: unknown): value is FormData {
  return value instanceof FormData || value instanceof NodeFormData;
}
