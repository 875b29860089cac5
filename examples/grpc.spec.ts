/** A gRPC service under load: each remote procedure call is measured as a request is, by npm's `@grpc/grpc-js`. */
import { join } from 'node:path';
import {
  type Client,
  credentials,
  type GrpcObject,
  loadPackageDefinition,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { arrivals, expect, test as base } from 'playload';

interface Words {
  readonly text: string;
}

type EchoClient = Client & {
  readonly say: (words: Words, done: (error: ServiceError | null, answer?: Words) => void) => void;
};

const { example } = loadPackageDefinition(loadSync(join(import.meta.dirname, 'echo.proto')));
const Echo = (example as GrpcObject)['Echo'] as ServiceClientConstructor;

const test = base.extend<{ client: EchoClient }>({
  client: async ({}, use) => {
    const server = new Server();
    server.addService(Echo.service, {
      say: ({ request }: ServerUnaryCall<Words, Words>, answer: sendUnaryData<Words>) => answer(null, request),
    });
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    );
    const client = new Echo(`127.0.0.1:${port}`, credentials.createInsecure()) as unknown as EchoClient;
    try {
      await use(client);
    } finally {
      client.close();
      server.forceShutdown();
    }
  },
});

test('a gRPC service echoes 200 words a second', async ({ load, client }) => {
  const run = await load(
    arrivals('200/s').for('5s'),
    async ({ measure, check, iteration }) => {
      const { text } = await measure('example.Echo/Say', async () => say(client, { text: `word ${iteration}` }));
      check('it is what was said', text === `word ${iteration}`);
    },
    { warmUp: '1s' },
  );
  expect(run.endpoint('example.Echo/Say')).toMeet({ successRate: '100%', p95: '< 100ms' });
});

/** gRPC's callback as a promise, whose error is `UNAVAILABLE` and the like in the table of errors. */
async function say(client: EchoClient, words: Words): Promise<Words> {
  return new Promise((resolve, reject) => {
    client.say(words, (error, answer) =>
      answer === undefined ? reject(error ?? new Error('no answer')) : resolve(answer),
    );
  });
}
