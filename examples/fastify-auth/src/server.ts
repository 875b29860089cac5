import { randomBytes } from 'node:crypto';
import { createApp } from './app.ts';

const { PORT = '3000', ACCESS_TOKEN_MS = '900000', JWT_SECRET = randomBytes(32).toString('hex') } = process.env;

const app = await createApp({ secret: JWT_SECRET, accessTokenMs: Number(ACCESS_TOKEN_MS) });
const url = await app.listen({ host: '127.0.0.1', port: Number(PORT) });
console.log(`ready pid=${process.pid} port=${new URL(url).port}`);
