import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { maskAssignments } from './mask-assignments.ts';

const n100 = `${'n'.repeat(91)}-password`;

const masked: Readonly<Record<string, readonly (readonly [text: string, shown: string])[]>> = {
  'a pair': [
    ['"name":"key","value":"SECRET"', '"name":"key","value":"***"'],
    ['"key" : "password" , "value" : "SECRET"', '"key" : "password" , "value" : "***"'],
    ['"field":"pwd","values":"SECRET"', '"field":"pwd","values":"***"'],
    ['"header":"X-Token","value":"SECRET"', '"header":"X-Token","value":"***"'],
    ['"ID":"token","VALUE":"SECRET"', '"ID":"token","VALUE":"***"'],
    ['"name":"session","value":"12345"', '"name":"session","value":"***"'],
    ['"name":"pin","value":1234 ,"n":1', '"name":"pin","value":*** ,"n":1'],
    ['"name":"token","value":["S","T"],"n":1', '"name":"token","value":"***","n":1'],
    ['"name":"a","value":"1"},{"name":"otp","value":"SECRET"', '"name":"a","value":"1"},{"name":"otp","value":"***"'],
    [`"name":"${n100}","value":"SECRET"`, `"name":"${n100}","value":"***"`],
  ],
  'a login': [
    ...['grant_type', 'grantType', 'redirect_uri', 'redirectUri', 'code_verifier', 'codeVerifier'].map(
      (name) => [`{"code":"SECRET","${name}":"***"}`, `{"code":"***","${name}":"***"}`] as const,
    ),
  ],
  'a name and its value': [
    ['key=SECRET', 'key=***'],
    ['key==SECRET', 'key=***'],
    ['key = SECRET', 'key = ***'],
    ["{ 'password' => 'SECRET' }", "{ 'password' => '***' }"],
    ['password=>"SECRET"', 'password=>"***"'],
    ["password='SECRET' a", "password='***' a"],
    ['password\t=\tSECRET', 'password\t=\t***'],
    ['user[password]=SECRET', 'user[password]=***'],
    ['$password=SECRET', '$password=***'],
    ['a.token~b+token=SECRET', 'a.token~b+token=***'],
    ['%70assword=SECRET', '%70assword=***'],
    ['x%26password=SECRET', 'x%26password=***'],
    ['x%3Fpassword%3DSECRET%26b', 'x%3Fpassword%3D***%26b'],
    ['x%253fpassword%253dSECRET%2526b', 'x%253fpassword%253d***%2526b'],
    ['x%23token=SECRET', 'x%23token=***'],
    ['x%22token=SECRET', 'x%22token=***'],
    [`${'n'.repeat(91)}_password=SECRET`, `${'n'.repeat(91)}_password=***`],
    [`"${n100}":"SECRET"`, `"${n100}":"***"`],
    ['"\\u0074oken":"SECRET"', '"\\u0074oken":"***"'],
    ['"token":"nu\'ll"', '"token":"***"'],
    ['"session"=5', '"session"=***'],
    ['"pass\\u0077ord":"SECRET"', '"pass\\u0077ord":"***"'],
    ["'password' : 'SECRET'", "'password' : '***'"],
    ['{\\"password\\":\\"SECRET\\"}', '{\\"password\\":\\"***\\"}'],
  ],
  'a code': [
    ['code=1234', 'code=***'],
    ['code=12x', 'code=***'],
    ['code=x12', 'code=***'],
    ['code=3,4', 'code=***'],
    ['authcode=1 auth_code=3', 'authcode=1 auth_code=***'],
  ],
  'a value up to its end': [
    ['token=SEC&a=1', 'token=***&a=1'],
    ['token=SEC"a', 'token=***"a'],
    ['token=SEC<b>', 'token=***<b>'],
    ['token=SEC>b', 'token=***>b'],
    ['token=SEC b', 'token=*** b'],
    ['token=SEC,T;U b', 'token=*** b'],
    ['"token":SEC,1', '"token":***,1'],
    ['"token":SEC}1', '"token":***}1'],
    ['"token":SEC]1', '"token":***]1'],
    ['"token":SEC 1', '"token":*** 1'],
    ['Authorization: Basic a b, c; d\nx', 'Authorization: ***\nx'],
    ['proxy-authorization: a b\r\nx', 'proxy-authorization: ***\r\nx'],
    ['Cookie: a=1; b=2', 'Cookie: ***'],
    ['set-cookie: a=1; b=2', 'set-cookie: ***'],
    ['x-authorization: a b, c', 'x-authorization: ***, c'],
    ['authorization_token: a, b', 'authorization_token: ***, b'],
    ['cookie_token: a, b', 'cookie_token: ***, b'],
    ['my-cookie: a1; b', 'my-cookie: ***; b'],
    ['x-api-key: SEC RET, a', 'x-api-key: ***, a'],
    ['x-api-key: a[b, c', 'x-api-key: ***, c'],
    ['x-api-key: SEC RET} a', 'x-api-key: ***} a'],
    ['x-api-key: SEC RET] a', 'x-api-key: ***] a'],
    ['x-api-key: SEC RET\ra', 'x-api-key: ***\ra'],
  ],
  'a word that looks drawn': [
    ['token: abc1', 'token: ***'],
    ['password: hunter2, a', 'password: ***, a'],
    ['session: abcdefghijklmnopqrst', 'session: ***'],
    ['session: 5', 'session: ***'],
    ['token_secret: abc', 'token_secret: ***'],
    ['access_token: abc', 'access_token: ***'], // of such a name no sentence goes on
  ],
  'what is in brackets or quotes': [
    ['"password":[[1],[2]],"n":1', '"password":"***","n":1'],
    ['"password":{"a":{}},"n":1', '"password":"***","n":1'],
    ['"password":["a]","b"],"n":1', '"password":"***","n":1'],
    ['"password":{"a":"\\"}"},"n":1', '"password":"***","n":1'],
    ['"password":["cut', '"password":"***"'],
    ['"password":{"a":["b"', '"password":"***"'],
    ['"password":"a\\\\","n":1', '"password":"***","n":1'],
    ['"password":"cut', '"password":"***'],
    ['"password":"', '"password":"'],
    ['{\\"a\\":{\\"password\\":{\\"b\\":\\"}\\"},\\"n\\":1}}', '{\\"a\\":{\\"password\\":"***",\\"n\\":1}}'],
    ['{\\"password\\":\\"a\\\\\\"b\\",\\"n\\":1}', '{\\"password\\":\\"***\\",\\"n\\":1}'],
  ],
  'a part of a form': [
    [
      'content-disposition: form-data; name=password\n\nSECRET\n--x',
      'content-disposition: form-data; name=password\n\n***\n--x',
    ],
    ['Content-Disposition:name="token"\r\n\r\nSECRET', 'Content-Disposition:name="token"\r\n\r\n***'],
    [
      'Content-Disposition: form-data; filename="a"; name="token"; x\r\nA: b\r\nC: d\r\n\r\nSEC\r\nRET\r\n--x',
      'Content-Disposition: form-data; filename="a"; name="token"; x\r\nA: b\r\nC: d\r\n\r\n***\r\n--x',
    ],
    [
      `Content-Disposition: x; name="pin"${'\na: b'.repeat(20)}\n\nSECRET`,
      `Content-Disposition: x; name="pin"${'\na: b'.repeat(20)}\n\n***`,
    ],
    ['Content-Disposition: x; name="pin"\n\n{"a":1}\n--x', 'Content-Disposition: x; name="pin"\n\n"***"\n--x'],
  ],
  'a field of a page': [
    ['<input name=token value=SECRET>', '<input name=token value="***">'],
    ["<INPUT ID='token' VALUE = 'SECRET'>", '<INPUT ID=\'token\' VALUE = "***">'],
    ['<meta content="SECRET" name="csrf-token">', '<meta content="***" name="csrf-token">'],
    ['<button name="token" value="SECRET">', '<button name="token" value="***">'],
    ['<param name="password" value="SECRET" />', '<param name="password" value="***" />'],
    ['<input name = "key" value="">', '<input name = "key" value="***">'],
    ['<input name="token" value="SEC', '<input name="token" value="***"'],
    ["<input name='token' value='SEC", '<input name=\'token\' value="***"'],
  ],
  'an element': [
    ['<password>SECRET</password>', '<password>***</password>'],
    ['<a:password b="c">SECRET</a:password>', '<a:password b="c">***</a:password>'],
    ['<x.token>SECRET<b/>', '<x.token>***<b/>'],
    ['<access-token>SECRET', '<access-token>***'],
  ],
};
for (const [what, rows] of Object.entries(masked))
  for (const [text, shown] of rows)
    test(`${what} is masked: ${JSON.stringify(text.slice(0, 100))}`, () => {
      expect(maskAssignments(text)).toBe(shown);
    });

const kept: Readonly<Record<string, readonly string[]>> = {
  'no secret of a pair': [
    '"name":"page","value":"2"',
    '"name":"session","value":5,"n":1',
    '"name":"token","value":null}',
    '"name":"token","value":"none"',
    '"name":"token","value":"***"',
    '"title":"token","value":"x"',
    `"name":"n${n100}","value":"x"`,
  ],
  'a field, not a parameter': [
    '"key":"orders"',
    'key="orders"',
    "key='orders'",
    'key: orders',
    'key => orders',
    '{\\"key\\":\\"orders\\"}',
    'code: ECONNRESET',
  ],
  'a code of an exit or a status': ['(code=3, a)', 'code=123', 'code=3)', 'code=3;', 'CODE=33,'],
  'no value': ['password=&a=1', '"password":""', '"password":" "', '"password":null', '"password":"true"'],
  'a count': ['"session":5', '"session":-5,', 'max_tokens=100', '"max_tokens":"100"'],
  'no assignment': ['password =~ a', 'password ==b', 'passwordless=a', '`password` a'],
  'a sentence that goes on': [
    ...['token', 'tokens', 'session', 'signature', 'auth', 'pass', 'sid', 'sig', 'pin', 'secret', 'secrets'].map(
      (name) => `invalid ${name}: expected a word`,
    ),
    ...['password', 'credential', 'credentials'].map((name) => `${name}: wrong`),
    ...[
      'token: abcdefghijklmnopqrs',
      'token: a, b1',
      'token: a;b1',
      'token: a}1',
      'token: a bcdefghijklmnopqrstuvwxyz',
      'cookies: a b',
      'token: a]1',
      'token: a 1',
    ],
  ],
  'no part': [
    'content-disposition: form-data; name="a"\n\nx\n--x',
    'content-disposition: form-data; name="token"\nA: b',
    `Content-Disposition: x; name="pin"${'\na: b'.repeat(21)}\n\nx`,
  ],
  'no field': [
    '<a name="token" value="x">',
    '<input name="page" value="x">',
    '<inputs name="token" value="x">',
    '<password></password>',
    '<password> a</password>',
    '<token-count>5</token-count>',
    '<key>orders</key>',
    'a < b',
  ],
};
for (const [what, texts] of Object.entries(kept))
  for (const text of texts)
    test(`${what} stays as it is: ${JSON.stringify(text.slice(0, 100))}`, () => {
      expect(maskAssignments(text)).toBe(text);
    });
