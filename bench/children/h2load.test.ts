import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { readH2load } from './h2load.ts';

/** What h2load of nghttp2 1.52.0 printed of `-t 1 -c 1 -m 50 -D 2`. */
const timed = `starting benchmark...
spawning thread #0: 1 total client(s). Timing-based test with 0s of warm-up time and 2s of main duration for measurements.
Warm-up started for thread #0.
progress: 100% of clients started
Warm-up phase is over for thread #0.
Main benchmark duration is started for thread #0.
TLS Protocol: TLSv1.3
Cipher: TLS_AES_256_GCM_SHA384
Server Temp Key: X25519 253 bits
Application protocol: h2
Main benchmark duration is over for thread #0. Stopping all clients.
Stopped all clients for thread #0

finished in 2.01s, 2625.00 req/s, 256.40KB/s
requests: 5250 total, 5300 started, 5250 done, 5250 succeeded, 0 failed, 0 errored, 0 timeout
status codes: 5250 2xx, 0 3xx, 0 4xx, 0 5xx
traffic: 512.79KB (525101) total, 41.10KB (42083) headers (space savings 90.79%), 379.39KB (388500) data
                     min         max         mean         sd        +/- sd
time for request:     1.86ms    114.94ms     18.46ms     17.84ms    87.62%
time for connect:    42.32ms     42.32ms     42.32ms         0us   100.00%
time to 1st byte:   126.13ms    126.13ms    126.13ms         0us   100.00%
req/s           :    2619.74     2619.74     2619.74        0.00   100.00%
`;

const results = [
  { text: timed, requests: 5_250, durationMs: 2_010 },
  { text: timed.replace('finished in 2.01s', 'finished in 54.22ms'), requests: 5_250, durationMs: 54.22 },
  { text: timed.replace('finished in 2.01s', 'finished in 500us'), requests: 5_250, durationMs: 0.5 },
];
for (const { text, ...result } of results) {
  test(`\`${/^finished.*$/m.exec(text)?.[0] ?? ''}\` is ${JSON.stringify(result)}`, () => {
    expect(readH2load(text)).toEqual(result);
  });
}

const broken = [
  { text: timed.replace('protocol: h2', 'protocol: http/1.1'), error: 'h2load spoke http/1.1, not h2' },
  // What it prints where nobody listens: it ends with 0.
  {
    text: 'finished in 1.00s, 0.00 req/s, 0B/s\nrequests: 0 total, 0 started, 0 done, 0 succeeded, 0 failed, 0 errored, 0 timeout\n',
    error: 'h2load spoke to nobody, not h2',
  },
  {
    text: timed.replace('5250 done, 5250 succeeded, 0 failed', '5250 done, 5240 succeeded, 10 failed'),
    error: 'h2load: 5240 of 5250 answers were good, 10 failed, 0 errored',
  },
  { text: 'unrecognized option\n', error: 'h2load printed no result:\nunrecognized option' },
];
for (const { text, error } of broken) {
  test(`it is an error: ${error.split('\n')[0] ?? ''}`, () => {
    expect(() => readH2load(text)).toThrow(error);
  });
}
