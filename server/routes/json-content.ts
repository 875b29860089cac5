/** The `content` of a route definition: JSON of one schema. */
import type { z } from '@hono/zod-openapi';

export const jsonContent = <T extends z.ZodType>(schema: T) => ({ content: { 'application/json': { schema } } });
