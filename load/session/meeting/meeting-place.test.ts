import { resolve } from 'node:path';
import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { defaultMeetTimeoutMs, meetingPlaceOf } from './meeting-place.ts';

const timeoutMs = defaultMeetTimeoutMs;
const places = [
  { env: {}, place: undefined },
  { env: { LOAD_MEET: '' }, place: undefined },
  { env: { LOAD_MEET_TIMEOUT: '1s' }, place: undefined },
  { env: { LOAD_MEET: '/shared/meet' }, place: { kind: 'folder', where: '/shared/meet', timeoutMs } },
  { env: { LOAD_MEET: 'meet' }, place: { kind: 'folder', where: resolve('meet'), timeoutMs } },
  { env: { LOAD_MEET: 'D:\\meet' }, place: { kind: 'folder', where: resolve('D:\\meet'), timeoutMs } },
  { env: { LOAD_MEET: 'http://meet:8080/' }, place: { kind: 'server', where: 'http://meet:8080', timeoutMs } },
  {
    env: { LOAD_MEET: 'http://meet:8080', LOAD_MEET_TIMEOUT: '90s' },
    place: { kind: 'server', where: 'http://meet:8080', timeoutMs: 90_000 },
  },
];
for (const { env, place } of places) {
  test(`shards with ${JSON.stringify(env)} meet at ${place?.where ?? 'no place'}`, () => {
    expect(meetingPlaceOf(env)).toEqual(place);
  });
}

const refused = [
  {
    env: { LOAD_MEET: 'https://meet' },
    says: '`LOAD_MEET` must be a folder that all shards share, or a server such as `http://meet:8080`, got "https://meet"',
  },
  ...['10.0.0.7:8070', 'localhost:8070/', '[::1]:8070'].map((where) => ({
    env: { LOAD_MEET: where },
    says: `\`LOAD_MEET\` must be a folder that all shards share, or a server such as \`http://meet:8080\`, got "${where}"`,
  })),
  {
    env: { LOAD_MEET: 'redis://meet' },
    says: '`LOAD_MEET` must be a folder that all shards share, or a server such as `http://meet:8080`, got "redis://meet"',
  },
  {
    env: { LOAD_MEET: 'http://' },
    says: '`LOAD_MEET` must be a folder that all shards share, or a server such as `http://meet:8080`, got "http://"',
  },
  {
    env: { LOAD_MEET: '/meet', LOAD_MEET_TIMEOUT: '90' },
    says: '`LOAD_MEET_TIMEOUT` must be a duration such as `300ms`, `30s` or `5m`, got "90"',
  },
  {
    env: { LOAD_MEET: '/meet', LOAD_MEET_TIMEOUT: '0s' },
    says: '`LOAD_MEET_TIMEOUT` must be above 0 and at most 24 days, got "0s"',
  },
];
for (const { env, says } of refused) {
  test(`${JSON.stringify(env)} is refused`, () => {
    expect(() => meetingPlaceOf(env)).toThrow(says);
  });
}
