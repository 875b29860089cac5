import { expect, test } from '@playwright/test';
import type { Tokens } from '../src/app.ts';

const ada = { name: 'ada', password: 'correct horse' };

test('a wrong password is refused, and so is who has no token', async ({ request }) => {
  expect((await request.post('/login', { data: { ...ada, password: 'guessed' } })).status()).toBe(401);
  expect((await request.get('/notes')).status()).toBe(401);
});

test('an access token expires when it is said to', async ({ request }) => {
  const { access, expiresInMs } = (await (await request.post('/login', { data: ada })).json()) as Tokens;
  const claims = Buffer.from(access.split('.')[1] ?? '', 'base64url').toString();
  const { iat, exp } = JSON.parse(claims) as { iat: number; exp: number };
  expect(exp - iat).toBe(expiresInMs / 1_000);
});

test('who is logged in writes notes, and goes on with a fresh token', async ({ request }) => {
  const { refresh } = (await (await request.post('/login', { data: ada })).json()) as Tokens;
  const { access } = (await (await request.post('/refresh', { data: { refresh } })).json()) as Tokens;
  const headers = { Authorization: `Bearer ${access}` };
  const written = await request.post('/notes', { headers, data: { text: 'milk' } });
  expect(written.status()).toBe(201);
  const note = await request.get(written.headers()['location'] ?? '', { headers });
  expect(await note.json()).toMatchObject({ owner: 'ada', text: 'milk' });
});
