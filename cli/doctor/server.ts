/** Asks the server once, as the configuration says where it is. */
import { type ClientRequest, get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { plainLine } from '../../load/measure/plain-line.ts';
import { bad, type Finding, fine, note } from './finding.ts';

export interface ServerParts {
  readonly baseURL: string | undefined;
  readonly ignoreHTTPSErrors: boolean;
  /** Whether Playwright starts a server itself. */
  readonly isStarted: boolean;
  /** Whether that server says in a run where it listens: until then, no address is known. */
  readonly isHeard: boolean;
}

const name = 'server';
const mostMs = 5_000;

export async function serverFinding({ baseURL, ignoreHTTPSErrors, isStarted, isHeard }: ServerParts): Promise<Finding> {
  if (baseURL === undefined)
    return note(
      name,
      'the configuration has no `baseURL`, so nobody was asked',
      "say `use: { baseURL: 'http://127.0.0.1:3000' }`, and specs need no address",
    );
  if (!URL.canParse(baseURL) && isHeard)
    return fine(name, 'Playwright starts it, and takes its address from what it says then (`webServer.wait`)');
  if (!URL.canParse(baseURL) || !/^https?:$/.test(new URL(baseURL).protocol))
    return bad(
      name,
      `\`baseURL\` is no address of a server: "${plainLine(baseURL)}"`,
      'say one such as http://127.0.0.1:3000',
    );
  const shown = plainLine(withoutPassword(baseURL));
  try {
    const status = await ask(baseURL, ignoreHTTPSErrors);
    if (status < 400) return fine(name, `${shown} answers ${status}`);
    if (status < 500)
      return note(
        name,
        `${shown} answers ${status}, and a load of this very address fails`,
        'let load tests ask for a path that answers, as somebody who may',
      );
    return note(name, `${shown} answers ${status}`, 'see that it is well before it is put under load');
  } catch (error) {
    return withoutAnswer(shown, error as NodeJS.ErrnoException, isStarted);
  }
}

function withoutPassword(address: string): string {
  const url = new URL(address);
  url.password = url.password === '' ? '' : '***';
  return url.href;
}

async function ask(address: string, ignoreHTTPSErrors: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { timeout: mostMs, agent: false } as const;
    const answered = (response: IncomingMessage) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    };
    const request: ClientRequest = address.startsWith('https:')
      ? getHttps(address, { ...options, rejectUnauthorized: !ignoreHTTPSErrors }, answered)
      : getHttp(address, options, answered);
    request.on('timeout', () => request.destroy(new Error(`no answer within ${mostMs / 1_000} s`)));
    request.on('error', reject);
  });
}

/** Codes of certificates that are not trusted (Node: X509 certificate error codes). */
const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|HOSTNAME_MISMATCH|ALTNAME/;

function withoutAnswer(shown: string, error: NodeJS.ErrnoException, isStarted: boolean): Finding {
  const { code = '', message } = error;
  if (untrusted.test(code))
    return bad(
      name,
      `${shown} has a certificate that is not trusted here (${code})`,
      'name its authority in NODE_EXTRA_CA_CERTS, or say `use: { ignoreHTTPSErrors: true }`',
    );
  if (isStarted && code === 'ECONNREFUSED')
    return fine(name, `${shown} is not up; Playwright starts it (\`webServer\`)`);
  const why = plainLine(message === '' ? code : message);
  return bad(name, `${shown} does not answer: ${why}`, 'start it, or let Playwright start it (`webServer`)');
}
