import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { isDone, tokenCounter } from './tokens.ts';

const event = (data: unknown) => ({
  event: undefined,
  id: undefined,
  data: typeof data === 'string' ? data : JSON.stringify(data),
});
const delta = (fields: object) => ({ choices: [{ index: 0, delta: fields }] });

const chunks: readonly {
  readonly it: string;
  readonly data: unknown;
  readonly tokens: number;
  readonly told?: number;
}[] = [
  { it: 'text of a chat', data: delta({ content: 'Hi' }), tokens: 1 },
  { it: 'a role alone', data: delta({ role: 'assistant', content: '' }), tokens: 0 },
  { it: 'what a model thinks', data: delta({ reasoning_content: 'hm' }), tokens: 1 },
  { it: 'the same by its other name', data: delta({ reasoning: 'hm' }), tokens: 1 },
  { it: 'a call of a tool', data: delta({ tool_calls: [{ index: 0 }] }), tokens: 1 },
  { it: 'a call of a function', data: delta({ function_call: { arguments: '{' } }), tokens: 1 },
  { it: 'no call of a function', data: delta({ function_call: null }), tokens: 0 },
  { it: 'no call of a tool', data: delta({ tool_calls: [] }), tokens: 0 },
  { it: 'text of a completion', data: { choices: [{ text: 'a' }] }, tokens: 1 },
  { it: 'the second of two choices', data: { choices: [{ delta: {} }, { delta: { content: 'a' } }] }, tokens: 1 },
  { it: 'an end', data: { choices: [{ delta: {}, finish_reason: 'stop' }] }, tokens: 0 },
  { it: 'a usage', data: { choices: [], usage: { completion_tokens: 42 } }, tokens: 0, told: 42 },
  { it: 'a usage that is none', data: { choices: [], usage: { completion_tokens: '42' } }, tokens: 0 },
  { it: 'a usage that is not there', data: { ...delta({ content: 'a' }), usage: null, error: null }, tokens: 1 },
  { it: 'the last event', data: '[DONE]', tokens: 0 },
  { it: 'garbage within JSON', data: { choices: [null, 7, { delta: null }] }, tokens: 0 },
];
for (const { it, data, tokens, told } of chunks)
  test(`${it} has ${tokens} tokens`, () => {
    const counter = tokenCounter('openai');
    expect([counter.count(event(data)), counter.told]).toEqual([tokens, told]);
  });

const refused: readonly { readonly data: unknown; readonly words: string; readonly name?: string }[] = [
  { data: 'no JSON', words: 'an event is no JSON: no JSON' },
  { data: '7', words: 'an event is no chunk of a completion: 7' },
  { data: { error: { message: 'too long' } }, words: 'the server tells of an error within the stream: too long' },
  {
    data: '\u001b[2Jno\njson api_key=sk-abcdefghijklmnopqrstuvwxyz',
    words: 'an event is no JSON: no json api_key=***',
  },
  { data: { error: { message: '\u001b[31mred' } }, words: 'an error within the stream: red' },
  { data: { error: 'overloaded' }, words: 'the server tells of an error within the stream: overloaded' },
  { data: { error: {} }, words: 'the server tells of an error within the stream: {}' },
  { data: { object: 'error', message: 'busy' }, words: 'the server tells of an error within the stream: busy' },
  { data: { message: 'busy' }, name: 'error', words: 'the server tells of an error within the stream: busy' },
];
for (const { data, words, name } of refused)
  test(`a chunk of ${JSON.stringify(data)}${name === undefined ? '' : ` in an event \`${name}\``} is refused`, () => {
    expect(() => tokenCounter('openai').count({ ...event(data), event: name })).toThrow(words);
  });

test('a rule of the user counts, and is told where it gives no count', () => {
  expect(tokenCounter(({ data }) => data.length).count(event('abc'))).toBe(3);
  expect(tokenCounter(undefined).count(event('abc'))).toBe(0);
  for (const wrong of [-1, 0.5, Number.NaN, '1', Symbol('x'), Object.create(null), undefined])
    expect(() => tokenCounter(() => wrong as number).count(event('abc'))).toThrow(
      '`tokens` must give a whole number from 0 on, got ',
    );
});

test('`[DONE]` is the last event, whatever white space is around it', () => {
  expect([isDone(event('[DONE]')), isDone(event(' [DONE] ')), isDone(event('DONE'))]).toEqual([true, true, false]);
});
