/** The same as `generators` over TLS: what encryption costs is the same to all, what is left between them is theirs. */
import type { Experiment } from '../experiment.ts';
import { withFastTlsServer } from '../servers/start.ts';
import { compare } from './senders.ts';

export const tls: Experiment = {
  name: 'tls',
  about: 'the same over HTTPS/1.1, connections kept: autocannon, the request context and the `load` fixture',
  ofGenerators: true,
  measure: async (setting) =>
    withFastTlsServer(setting, async (server) => {
      const compared = await compare(server, setting, { senders: ['autocannon', 'context', 'fixture'] });
      return [
        ...compared.rates('autocannon', 'context', 'fixture'),
        ...compared.ratio('context', 'autocannon'),
        ...compared.ratio('fixture', 'autocannon'),
      ];
    }),
};
