import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { isPlainValue, isSecretName } from './secret-name.ts';

/** Of what the name says in a field, and as a parameter. */
const names: Readonly<Record<'secret anywhere' | 'secret as a parameter' | 'no secret', readonly string[]>> = {
  'secret anywhere': [
    ...['token', 'tokens', 'accessToken', 'X-Access-Token', 'csrftoken', 'PHPSESSID', 'newpassword', 'Passwords'],
    ...['password2', 'user[password]', 'user%5Baccess_token%5D', 'pass%77ord', 'pass%2577ord', '%FF_password'],
    ...['pin', 'größe_pin', 'sessionId', 'session_key', 'code_verifier', 'auth', 'x-auth', 'SAMLResponse'],
    ...['api_key', 'APIKey', 'apiKeys', 'my-private-key', 'auth_code', 'codeForUserAccess_code', 'login-code'],
  ],
  'secret as a parameter': ['key', 'keys', 'user_key', 'code'],
  'no secret': [
    ...['', '---', 'a', 'author', 'oauth', 'monkey', 'keyboard', 'passwordless', 'tokenizer', 'spin', 'unsigned'],
    ...['token_type', 'authType', 'session-affinity', 'key_id_count', 'type', 'count', 'sessions_per_min'],
    ...['sort_key', 'public_keys', 'idempotencyKey', 'status_code', 'zipCode', 'code_of_conduct', 'keyed', 'codes'],
  ],
};
for (const [say, of] of Object.entries(names))
  for (const name of of)
    test(`a name \`${name}\` is ${say}`, () => {
      const [asField, asParameter] = [isSecretName(name, 'field'), isSecretName(name, 'parameter')];
      expect([asField, asParameter]).toEqual([say === 'secret anywhere', say !== 'no secret']);
    });

const values: readonly {
  readonly name: string;
  readonly value: string;
  readonly bare?: true;
  readonly plain: boolean;
}[] = [
  ...['true', 'FALSE', 'null', 'undefined', 'none', '***', ''].map((value) => ({ name: 'token', value, plain: true })),
  ...['nulls', 'xnull', '****', '**', '5', '1.5'].map((value) => ({ name: 'token', value, plain: false })),
  ...['max_tokens', 'sessions', 'totalTokens'].map((name) => ({ name, value: '100', plain: true })),
  ...['session', 'tokens_x'].map((name) => ({ name, value: '5', plain: false })),
  ...['5', '-5', '12.25', '-0.5'].map((value) => ({ name: 'session', value, bare: true as const, plain: true })),
  ...['5.', '.5', '5x', 'x5', '1.5.2', '--5', '5 5'].map((value) => ({
    ...{ name: 'session', value, bare: true as const, plain: false },
  })),
  ...['pin', 'otp', 'totp', 'cvv', 'cvc', 'passcode', 'pwd', 'secret', 'user_pin', 'pinUser'].map((name) => ({
    ...{ name, value: '1234', bare: true as const, plain: false },
  })),
  ...['pinned', 'secretary', 'bypass'].map((name) => ({ name, value: '1234', bare: true as const, plain: true })),
];
for (const { name, value, bare, plain } of values)
  test(`${bare ? '' : 'a text of '}${JSON.stringify(value)} is ${plain ? 'no' : 'a'} secret of \`${name}\``, () => {
    expect(isPlainValue(name, value, bare ?? false)).toBe(plain);
  });
