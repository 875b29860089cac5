/**
 * Streams: the tokens of a chat as an inference engine sends them, at a rate that does not wait for it, and the life of the
 * agent's own workflows as events.
 */
import { arrivals, expect, test, users } from 'playload';

const { CHAT_PORT, CHAT_URL = CHAT_PORT && `http://127.0.0.1:${CHAT_PORT}` } = process.env;
const model = 'meta-llama/Llama-3.1-8B-Instruct';
const answerTokens = 100;
/** About a thousand tokens, as one that brings its context along. */
const prompt = 'What does a load test tell that a functional test does not? '.repeat(67);

interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content?: string }; readonly finish_reason: string | null }[];
}

test('an engine answers five chats a second, token by token', async ({ load }) => {
  expect(CHAT_URL, 'with `BASE_URL`, `CHAT_URL` must be the address of an inference engine').toBeTruthy();
  const run = await load(
    arrivals('5/s').for('20s'),
    async ({ request, check, iteration }) => {
      const stream = request.stream(`${CHAT_URL}/v1/chat/completions`, {
        name: 'chat',
        tokens: 'openai',
        data: {
          model,
          messages: [{ role: 'user', content: prompt }],
          stream: true,
          stream_options: { include_usage: true },
          max_tokens: answerTokens,
          seed: iteration,
        },
      });
      let text = '';
      let finishedBy: string | null = null;
      for await (const { data } of stream) {
        const [choice] = data === '[DONE]' ? [] : (JSON.parse(data) as Chunk).choices;
        text += choice?.delta.content ?? '';
        finishedBy = choice?.finish_reason ?? finishedBy;
      }
      check('as long as it may be', finishedBy === 'length' && text.split(' ').length === answerTokens);
    },
    { warmUp: '2s' },
  );
  expect(run.endpoint('chat')).toMeet({
    timeToFirstToken: { p50: '< 200ms', p95: { target: '< 300ms', acceptable: '< 600ms' } },
    interTokenLatency: { p50: '< 40ms', p99: '< 100ms' },
    timePerOutputToken: { p95: '< 50ms' },
    tokenRate: '> 400/s',
    tokensPerStream: { min: `>= ${answerTokens}` },
    cutStreams: '0',
    stalledStreams: '0',
  });
});

interface WorkflowEvent {
  readonly workflow_id: string;
  readonly status: string;
}

test('twenty operators follow workflows from the first event to the last', async ({ load }) => {
  const run = await load(
    users(20).for('10s').thinking('1s'),
    async ({ request, check }) => {
      const created = await request.post('/api/v1/workflows', { data: { instance_id: 'followed' } });
      await expect(created).toBeOK(); // what was refused has no events
      const path = created.headers()['location'] ?? '';
      const seen: WorkflowEvent[] = [];
      const stream = request.stream(`${path}/events`, { isLast: ({ event }) => event === 'cancelled' });
      for await (const { data } of stream) {
        seen.push(JSON.parse(data) as WorkflowEvent);
        if (seen.length === 1) await request.post(`${path}/cancel`, { data: { reason: 'it was a test' } });
      }
      check('queued, then cancelled', seen.map(({ status }) => status).join() === 'queued,cancelled');
      check(
        'its own events',
        seen.every(({ workflow_id: id }) => path.endsWith(id)),
      );

      const later = request.stream(`${path}/events`, {
        headers: { 'last-event-id': '1' },
        name: 'events after the first',
      });
      const { events } = await later.end();
      check('whoever comes again gets what is new', events === 1);
    },
    { warmUp: '1s' },
  );
  expect(run).toMeet({ successRate: '100%' });
  expect(run.endpoint('GET /api/v1/workflows/:id/events')).toMeet({
    firstEvent: { p95: { target: '< 100ms', acceptable: '< 500ms' } },
    gap: { p95: { target: '< 200ms', acceptable: '< 500ms' } }, // from the first event to the cancelling, and from there to its event
    eventsPerStream: { min: '>= 2', max: '<= 2' },
    cutStreams: '0',
    emptyStreams: '0',
  });
});
