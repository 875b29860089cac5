import jwt from '@fastify/jwt';
import fastify, { type FastifyInstance } from 'fastify';
import { isPasswordOf } from './accounts.ts';
import { openSession, spend } from './sessions.ts';

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: { readonly name: string };
    user: { readonly name: string };
  }
}

/** What login and refresh answer. */
export interface Tokens {
  readonly access: string;
  readonly expiresInMs: number;
  readonly refresh: string;
}

export interface Note {
  readonly id: number;
  readonly owner: string;
  readonly text: string;
}

export interface AppOptions {
  /** Signs the access tokens. */
  readonly secret: string;
  readonly accessTokenMs: number;
}

export async function createApp({ secret, accessTokenMs }: AppOptions): Promise<FastifyInstance> {
  const app = fastify();
  await app.register(jwt, { secret, sign: { expiresIn: `${accessTokenMs}ms` } }); // a number would be seconds
  const tokensFor = (name: string): Tokens => ({
    access: app.jwt.sign({ name }),
    expiresInMs: accessTokenMs,
    refresh: openSession(name),
  });

  app.post<{ Body: { name: string; password: string } }>('/login', async ({ body }, reply) =>
    (await isPasswordOf(body.name, body.password))
      ? tokensFor(body.name)
      : reply.code(401).send({ error: 'wrong name or password' }),
  );

  app.post<{ Body: { refresh: string } }>('/refresh', async ({ body }, reply) => {
    const name = spend(body.refresh);
    return name === undefined ? reply.code(401).send({ error: 'refresh token is spent' }) : tokensFor(name);
  });

  app.post<{ Body: { refresh: string } }>('/logout', async ({ body }, reply) => {
    spend(body.refresh);
    return reply.code(204).send();
  });

  await app.register(async (own) => addNotes(own));
  return app;
}

/** What a user sees of its own, and nobody else. */
function addNotes(app: FastifyInstance): void {
  const notes = new Map<number, Note>();
  let written = 0;
  app.addHook('onRequest', (request) => request.jwtVerify());

  app.get('/me', async ({ user }) => ({ name: user.name }));

  app.get('/notes', async ({ user }) => [...notes.values()].filter(({ owner }) => owner === user.name));

  app.post<{ Body: { text: string } }>('/notes', async ({ user, body }, reply) => {
    written += 1;
    const note: Note = { id: written, owner: user.name, text: body.text };
    notes.set(note.id, note);
    return reply.code(201).header('location', `/notes/${note.id}`).send(note);
  });

  app.get<{ Params: { id: string } }>('/notes/:id', async ({ user, params }, reply) => {
    const note = notes.get(Number(params.id));
    return note?.owner === user.name ? note : reply.code(404).send({ error: 'no such note' });
  });

  app.delete<{ Params: { id: string } }>('/notes/:id', async ({ user, params }, reply) => {
    const id = Number(params.id);
    if (notes.get(id)?.owner !== user.name) return reply.code(404).send({ error: 'no such note' });
    notes.delete(id);
    return reply.code(204).send();
  });
}
