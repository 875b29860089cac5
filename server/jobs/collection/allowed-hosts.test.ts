import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { ProblemError } from '../../domain/problem.ts';
import { AllowedHosts } from './allowed-hosts.ts';

const cases: { entries: string[]; url: string; allowed: boolean }[] = [
  { entries: ['vllm.internal'], url: 'http://vllm.internal:8000/metrics', allowed: true },
  { entries: ['vllm.internal'], url: 'http://VLLM.Internal/metrics', allowed: true },
  { entries: ['vllm.internal'], url: 'http://vllm.internal.evil.test/metrics', allowed: false },
  { entries: ['vllm.internal'], url: 'http://user@evil.test/vllm.internal', allowed: false },
  { entries: ['vllm.internal:8000'], url: 'http://vllm.internal:8000/metrics', allowed: true },
  { entries: ['vllm.internal:8000'], url: 'http://vllm.internal:8001/metrics', allowed: false },
  { entries: ['vllm.internal:443'], url: 'https://vllm.internal/metrics', allowed: true },
  { entries: ['*.gpu.internal'], url: 'http://a.b.gpu.internal/metrics', allowed: true },
  { entries: ['*.gpu.internal'], url: 'http://gpu.internal/metrics', allowed: false },
  { entries: ['10.0.0.0/8'], url: 'http://10.200.3.4:8000/metrics', allowed: true },
  { entries: ['10.0.0.0/8'], url: 'http://11.0.0.1/metrics', allowed: false },
  { entries: ['10.0.0.0/8:8000'], url: 'http://10.0.0.1:9000/metrics', allowed: false },
  { entries: ['0.0.0.0/0'], url: 'http://169.254.169.254/latest/meta-data', allowed: false }, // link-local, always
  { entries: ['0.0.0.0/0'], url: 'http://0.0.0.0:8002/', allowed: false },
  { entries: ['127.0.0.1'], url: 'http://127.0.0.1:9/metrics', allowed: true },
  { entries: ['127.0.0.1'], url: 'http://2130706433:9/metrics', allowed: true }, // the same address, another notation
  { entries: ['10.0.0.0/8'], url: 'http://0x7f.1/metrics', allowed: false },
  { entries: ['[::1]'], url: 'http://[::1]:8000/metrics', allowed: true },
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

const addresses = [
  { entries: ['vllm.internal'], address: '10.1.2.3', allowed: true }, // what a trusted name resolves to
  { entries: ['vllm.internal'], address: '127.0.0.1', allowed: false },
  { entries: ['localhost'], address: '127.0.0.1', allowed: true },
  { entries: ['vllm.internal'], address: '::ffff:169.254.169.254', allowed: false },
  { entries: ['vllm.internal'], address: '::ffff:127.0.0.1', allowed: false },
  { entries: ['vllm.internal'], address: 'fe80::1', allowed: false },
  { entries: ['vllm.internal'], address: '224.0.0.1', allowed: false },
];
for (const { entries, address, allowed } of addresses) {
  test(`with ${entries.join(',')}, a name that leads to ${address} is ${allowed ? 'asked' : 'refused'}`, () => {
    const check = () => new AllowedHosts(entries).assertAddress(address);
    if (allowed) expect(check).not.toThrow();
    else expect(check).toThrow(ProblemError);
  });
}

for (const entry of ['', 'a b', '10.0.0.0/33', 'vllm*', 'http://vllm', 'a:99999', 'name/8']) {
  test(`\`${entry}\` is no entry`, () => {
    expect(() => new AllowedHosts([entry])).toThrow(TypeError);
  });
}
