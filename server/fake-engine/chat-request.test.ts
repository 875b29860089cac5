import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { readChatRequest, tokensOf, type ChatKind } from './chat-request.ts';

const messages = [{ role: 'user', content: 'Say something.' }];
const plain = { model: 'm', isStream: false, hasUsage: false, ignoreEos: false };

const read: [kind: ChatKind, body: object, request: object][] = [
  ['chat', { model: 'm', messages }, { ...plain, kind: 'chat', prompt: 'Say something.' }],
  [
    'chat',
    { model: 'm', messages, stream: true, stream_options: { include_usage: true }, max_tokens: 5, seed: 7 },
    { ...plain, kind: 'chat', prompt: 'Say something.', isStream: true, hasUsage: true, maxTokens: 5, seed: 7 },
  ],
  [
    'chat',
    { model: 'm', messages, max_tokens: 5, max_completion_tokens: 6, temperature: 0, unheard_of: [] },
    { ...plain, kind: 'chat', prompt: 'Say something.', maxTokens: 6 },
  ],
  [
    'chat',
    { model: 'm', messages: [{ role: 'system' }, { role: 'user', content: [{ type: 'text', text: 'a' }] }], n: null },
    { ...plain, kind: 'chat', prompt: '\na' },
  ],
  [
    'completion',
    { model: 'm', prompt: ['Once'], ignore_eos: true },
    { ...plain, kind: 'completion', prompt: 'Once', ignoreEos: true },
  ],
];
for (const [kind, body, request] of read) {
  test(`${kind} ${JSON.stringify(body)} is read`, () => {
    expect(readChatRequest(kind, JSON.stringify(body))).toEqual(request);
  });
}

const refused: [kind: ChatKind, body: string | undefined, says: RegExp][] = [
  ['chat', undefined, /longer than/],
  ['chat', '{', /^the body is no JSON: /],
  ['chat', '[]', /expected object/],
  ['chat', '{}', /`model`: .*; `messages`: /],
  ['chat', JSON.stringify({ model: 'm', messages: [] }), /`messages`: /],
  ['chat', JSON.stringify({ model: 'm', messages, max_tokens: 0, n: 2 }), /`max_tokens`: .*; `n`: must be 1/],
  ['chat', JSON.stringify({ model: 'm', messages, stream_options: {} }), /`stream_options` is for streams/],
  ['completion', JSON.stringify({ model: 'm', prompt: ['a', 'b'] }), /`prompt`/],
];
for (const [kind, body, says] of refused) {
  test(`${kind} ${body ?? 'too long'} is a bad request`, () => {
    expect(readChatRequest(kind, body)).toEqual({
      status: 400,
      type: 'BadRequestError',
      message: expect.stringMatching(says),
    });
  });
}

test('four letters are a token, and no prompt is less than one', () => {
  expect(['', 'abc', 'abcd', 'abcde'].map(tokensOf)).toEqual([1, 1, 1, 2]);
});
