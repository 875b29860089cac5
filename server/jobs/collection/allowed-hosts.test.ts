import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { ProblemError } from '../../domain/problem.ts';
import { AllowedHosts } from './allowed-hosts.ts';

const cases: { entries: string[]; url: string; allowed: boolean }[] = [
  { entries: ['vllm.internal'], url: 'http://vllm.internal:8000/metrics', allowed: true },
  { entries: ['vllm.internal'], url: 'http://VLLM.Internal/metrics', allowed: true },
  { entries: ['vllm.internal'], url: 'http://vllm.internal./metrics', allowed: true }, // the dot of the root
  { entries: ['vllm.internal.'], url: 'http://vllm.internal/metrics', allowed: true },
  { entries: ['vllm.internal'], url: 'http://vllm.internal.evil.test/metrics', allowed: false },
  { entries: ['vllm.internal'], url: 'http://user@evil.test/vllm.internal', allowed: false },
  { entries: ['vllm.internal'], url: 'http://vllm.internal@evil.test/', allowed: false },
  { entries: ['vllm.internal'], url: 'http://vllm.internal:80@evil.test/', allowed: false },
  { entries: ['vllm.internal'], url: 'http://user@vllm.internal/', allowed: false }, // it would be shown
  { entries: ['vllm.internal'], url: 'http://:secret@vllm.internal/', allowed: false },
  { entries: ['vllm.internal'], url: 'http://evil.test#@vllm.internal/', allowed: false },
  { entries: ['vllm.internal'], url: 'http://evil.test?@vllm.internal/', allowed: false },
  { entries: ['vllm.internal'], url: 'http://evil.test\\@vllm.internal/', allowed: false }, // a backslash is a slash
  { entries: ['vllm.internal'], url: 'http:\\\\vllm.internal\\metrics', allowed: true },
  { entries: ['vllm.internal'], url: 'http://vllm.internal/metrics#part', allowed: true }, // never sent
  { entries: ['vllm.internal'], url: 'http://vllm%2einternal/metrics', allowed: true },
  { entries: ['vllm.internal'], url: 'http://ｖｌｌｍ.internal/metrics', allowed: true }, // full width, the same name
  { entries: ['vllm.internal'], url: 'http://vllm。internal/metrics', allowed: true }, // another dot, the same name
  { entries: ['vllm.internal'], url: 'http://vllm.internаl/metrics', allowed: false }, // a Cyrillic letter
  { entries: ['vllm.internal'], url: 'http://vllm.internal:0/metrics', allowed: false },
  { entries: ['vllm.internal:8000'], url: 'http://vllm.internal:8000/metrics', allowed: true },
  { entries: ['vllm.internal:8000'], url: 'http://vllm.internal:08000/metrics', allowed: true },
  { entries: ['vllm.internal:8000'], url: 'http://vllm.internal:8001/metrics', allowed: false },
  { entries: ['vllm.internal:443'], url: 'https://vllm.internal/metrics', allowed: true },
  { entries: ['*.gpu.internal'], url: 'http://a.b.gpu.internal/metrics', allowed: true },
  { entries: ['*.gpu.internal'], url: 'http://a.gpu.internal./metrics', allowed: true },
  { entries: ['*.gpu.internal'], url: 'http://gpu.internal/metrics', allowed: false },
  { entries: ['*.gpu.internal'], url: 'http://evilgpu.internal/metrics', allowed: false },
  { entries: ['10.0.0.0/8'], url: 'http://10.200.3.4:8000/metrics', allowed: true },
  { entries: ['10.0.0.0/8'], url: 'http://11.0.0.1/metrics', allowed: false },
  { entries: ['10.0.0.0/8:8000'], url: 'http://10.0.0.1:9000/metrics', allowed: false },
  { entries: ['0.0.0.0/0'], url: 'http://0.0.0.0:8002/', allowed: false },
  { entries: ['0.0.0.0/0'], url: 'http://0/', allowed: false },
  { entries: ['[::]/0'], url: 'http://[::]/', allowed: false },
  { entries: ['127.0.0.1'], url: 'http://127.0.0.1:9/metrics', allowed: true },
  { entries: ['127.0.0.1'], url: 'http://127.0.0.2:9/metrics', allowed: false },
  { entries: ['localhost'], url: 'http://localhost.:9/metrics', allowed: true },
  { entries: ['[::1]'], url: 'http://[::1]:8000/metrics', allowed: true },
  { entries: ['[0:0::1]'], url: 'http://[::1]:8000/metrics', allowed: true },
  { entries: ['[fd00::]/8'], url: 'http://[fd12::1]/metrics', allowed: true },
  { entries: ['[fd00::]/8'], url: 'http://[fe80::1]/metrics', allowed: false },
];
for (const { entries, url, allowed } of cases) {
  test(`${entries.join(',')} ${allowed ? 'allows' : 'refuses'} ${url}`, () => {
    const check = () => new AllowedHosts(entries).assertUrl(new URL(url));
    if (allowed) expect(check).not.toThrow();
    else expect(check).toThrow(ProblemError);
  });
}

/** The same IPv4 address, as far as any parser of URLs or any network takes it for the same. */
function spellings([a, b, c, d]: readonly [number, number, number, number]) {
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = (number: number) => number.toString(16);
  const [high, low] = [hex(a * 256 + b), hex(c * 256 + d)];
  const dotted = [a, b, c, d].join('.');
  return {
    dotted,
    'with the dot of the root': `${dotted}.`,
    'as one number': `${whole}`,
    'as one number in hex': `0x${hex(whole)}`,
    'as one number in octal': `0${whole.toString(8)}`,
    'in octal': [a, b, c, d].map((byte) => `0${byte.toString(8)}`).join('.'),
    'in hex': [a, b, c, d].map((byte) => `0x${hex(byte)}`).join('.'),
    'in two parts': `${a}.${(b * 256 + c) * 256 + d}`,
    'in three parts': `${a}.${b}.${c * 256 + d}`,
    'percent-encoded': dotted.replace(/./g, (letter) => `%${hex(letter.charCodeAt(0))}`),
    'in full width': dotted.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
    'with ideographic dots': dotted.replaceAll('.', '。'),
    mapped: `[::ffff:${dotted}]`,
    'mapped in hex': `[::ffff:${high}:${low}]`,
    'mapped at length': `[0:0:0:0:0:ffff:${high}:${low}]`,
    compatible: `[::${dotted}]`,
    translated: `[::ffff:0:${dotted}]`,
    'through NAT64': `[64:ff9b::${dotted}]`,
    'through a local NAT64': `[64:ff9b:1::${dotted}]`,
    'through 6to4': `[2002:${high}:${low}::1]`,
    'through Teredo': `[2001:0:1::${hex((a * 256 + b) ^ 0xffff)}:${hex((c * 256 + d) ^ 0xffff)}]`,
  };
}

const everywhere = new AllowedHosts(['0.0.0.0/0', '[::]/0', '127.0.0.1']);

const never = [
  { what: 'cloud metadata', bytes: [169, 254, 169, 254] },
  { what: 'the metadata of tasks', bytes: [169, 254, 170, 2] },
  { what: 'the metadata of Alibaba', bytes: [100, 100, 100, 200] },
  { what: "Azure's host", bytes: [168, 63, 129, 16] },
  { what: 'multicast', bytes: [224, 0, 0, 1] },
  { what: 'broadcast', bytes: [255, 255, 255, 255] },
] as const;
for (const { what, bytes } of never) {
  for (const [how, host] of Object.entries(spellings(bytes))) {
    test(`${what} ${how} is never asked: http://${host}/`, () => {
      expect(() => everywhere.assertUrl(new URL(`http://${host}/`))).toThrow(ProblemError);
    });
  }
}

for (const [how, host] of Object.entries(spellings([10, 1, 2, 3]))) {
  test(`an engine's address ${how} is that address: http://${host}/`, () => {
    expect(() => everywhere.assertUrl(new URL(`http://${host}/`))).not.toThrow();
  });
}

const addresses = [
  { entries: ['vllm.internal'], address: '10.1.2.3', allowed: true }, // what a trusted name resolves to
  { entries: ['vllm.internal'], address: 'fd12::1', allowed: true },
  { entries: ['vllm.internal'], address: '64:ff9b::10.1.2.3', allowed: true },
  { entries: ['vllm.internal'], address: '127.0.0.1', allowed: false },
  { entries: ['vllm.internal'], address: '127.9.9.9', allowed: false },
  { entries: ['vllm.internal'], address: '::1', allowed: false },
  { entries: ['localhost'], address: '127.0.0.1', allowed: true },
  { entries: ['localhost'], address: '::1', allowed: true },
  { entries: ['vllm.internal'], address: '::', allowed: false },
  { entries: ['vllm.internal'], address: '::ffff:169.254.169.254', allowed: false },
  { entries: ['vllm.internal'], address: '::FFFF:A9FE:A9FE', allowed: false },
  { entries: ['vllm.internal'], address: 'fd00:ec2::254', allowed: false },
  { entries: ['vllm.internal'], address: 'fd00:ec2::23', allowed: false },
  { entries: ['vllm.internal'], address: 'fd20:ce::254', allowed: false },
  { entries: ['vllm.internal'], address: 'fe80::1', allowed: false },
  { entries: ['vllm.internal'], address: 'fe80::1%eth0', allowed: false }, // a resolver may add the zone
  { entries: ['vllm.internal'], address: '224.0.0.1', allowed: false },
];
for (const { entries, address, allowed } of addresses) {
  test(`with ${entries.join(',')}, a name that leads to ${address} is ${allowed ? 'asked' : 'refused'}`, () => {
    const check = () => new AllowedHosts(entries).assertAddress(address);
    if (allowed) expect(check).not.toThrow();
    else expect(check).toThrow(ProblemError);
  });
}

for (const [how, host] of Object.entries(spellings([127, 0, 0, 1]))) {
  test(`loopback ${how} is refused where it is not listed: http://${host}/`, () => {
    const url = new URL(`http://${host}/`);
    const address = url.hostname.replace(/^\[(.*)\]$/, '$1');
    expect(() => new AllowedHosts(['10.0.0.0/8']).assertUrl(url)).toThrow(ProblemError);
    expect(() => new AllowedHosts(['vllm.internal']).assertAddress(address)).toThrow(ProblemError);
  });
}

for (const url of [
  'http://[fe80::1%25eth0]/',
  'http://[::1/',
  'http://256.1.1.1/',
  'http://a b/',
  'http://1.2.3.4:99999/',
]) {
  test(`${url} is no URL at all`, () => {
    expect(URL.canParse(url)).toBe(false);
  });
}

for (const entry of ['', '.', 'a b', '10.0.0.0/33', 'vllm*', '*', 'http://vllm', 'a:99999', 'name/8', 'a,b']) {
  test(`\`${entry}\` is no entry`, () => {
    expect(() => new AllowedHosts([entry])).toThrow(TypeError);
  });
}
