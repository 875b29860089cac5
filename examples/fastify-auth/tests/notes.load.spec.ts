import { between, expect, type Scenario, test, users } from 'playload';
import type { Account } from '../src/accounts.ts';
import type { Note } from '../src/app.ts';
import { accounts, authorized, loggedIn, type Session } from './logged-in.ts';

/** The screen: a list of notes, one more that is written, read again and thrown away. */
const notes: Scenario<undefined, Session, Account> = async ({ request, state, userData, check, iteration, pause }) => {
  const headers = await authorized(request, state);
  const list = await (await request.get<Note[]>('/notes', { headers })).json();
  check(
    'all notes are its own',
    list.every(({ owner }) => owner === userData.name),
  );
  await pause(between('100ms', '300ms'));
  const text = `note ${iteration}`;
  const posted = await request.post('/notes', { headers, data: { text } });
  await expect(posted).toBeOK(); // without a note there is none to read
  const { location = '' } = posted.headers();
  const written = await (await request.get<Note>(location, { headers })).json();
  check('the note is kept as it was written', written.owner === userData.name && written.text === text);
  await request.delete(location, { headers });
};

test('twenty users, each with notes of its own', async ({ load }) => {
  const writers = users(20).for('8s').thinking(between('200ms', '600ms'));
  const run = await load(writers, notes, { user: loggedIn, userData: accounts });
  expect(run).toMeet({ successRate: '100%', userFailures: '0', p95: { target: '< 100ms', acceptable: '< 500ms' } });
  expect(run.endpoint('POST /refresh')).toMeet({ p95: '< 500ms' });
});
