/**
 * The same as `generators` over TLS: what encryption costs is the same to all, what is left between them is theirs. Every
 * sender opens its connections anew in each block, which is long enough for 50 handshakes to be little of it.
 */
import type { Experiment } from '../experiment.ts';
import { withFastTlsServer } from '../servers/start.ts';
import { compare } from './senders.ts';

export const tls: Experiment = {
  name: 'tls',
  about: 'the same over HTTPS/1.1, connections kept: autocannon, the request context and the `load` fixture',
  ofGenerators: true,
  measure: async (setting) =>
    withFastTlsServer(setting, async (server) => {
      const compared = await compare(server, setting, { senders: ['autocannon', 'context', 'fixture'], longer: 2 });
      return [
        ...compared.rates('autocannon', 'context', 'fixture'),
        ...compared.ratio('context', 'autocannon'),
        ...compared.ratio('fixture', 'autocannon'),
      ];
    }),
};
