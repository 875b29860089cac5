/** What a configuration says of the things that loads depend on, as values: its author may have computed them. */
import type { PlaywrightTestConfig, ReporterDescription } from '@playwright/test';
import { isLoadReporter } from './load-reporter.ts';

export interface SeenReporter {
  readonly name: string;
  readonly isLoadReporter: boolean;
}

/** A pattern as it is written in a configuration. */
export type SeenPattern =
  | { readonly kind: 'glob'; readonly text: string }
  | { readonly kind: 'expression'; readonly source: string; readonly flags: string };

export interface SeenUse {
  readonly baseURL?: string;
  readonly ignoreHTTPSErrors?: boolean;
  readonly actionTimeoutMs?: number;
}

/** What a project may say, or the configuration for all of them. Absent: it says nothing. */
export interface SeenSettings {
  readonly testDir?: string;
  readonly testMatch?: readonly SeenPattern[];
  readonly hasTestIgnore: boolean;
  /** `grep`: only tests with such titles or tags run. */
  readonly hasGrep?: true;
  readonly workers?: number | string;
  readonly retries?: number;
  readonly fullyParallel?: boolean;
  readonly timeoutMs?: number;
  /** `metadata.load`. */
  readonly isLoad: boolean;
  readonly use: SeenUse;
}

export interface SeenProject extends SeenSettings {
  readonly name: string;
  /** Names of the projects that Playwright runs before this one; absent: none. */
  readonly dependencies?: readonly string[];
}

export interface SeenServer {
  readonly url?: string;
  readonly port?: number;
  /** Whether Playwright takes variables from what the server says of itself (`wait`), such as a port that was free. */
  readonly isHeard?: true;
}

export interface SeenConfig extends SeenSettings {
  /** Absent where the configuration lists none. */
  readonly reporters?: readonly SeenReporter[];
  readonly projects?: readonly SeenProject[];
  readonly globalTimeoutMs?: number;
  readonly webServers: readonly SeenServer[];
}

type Project = NonNullable<PlaywrightTestConfig['projects']>[number];

/** `path`: of the configuration's file. */
export function seenConfig(config: PlaywrightTestConfig, path: string): SeenConfig {
  const { reporter, projects, webServer, globalTimeout } = config;
  const servers = webServer === undefined ? [] : Array.isArray(webServer) ? webServer : [webServer];
  return {
    ...seenSettings(config),
    ...(reporter !== undefined && { reporters: seenReporters(reporter, path) }),
    ...(projects !== undefined && {
      projects: projects.map((each) => ({
        name: each.name ?? '',
        ...(each.dependencies !== undefined && { dependencies: each.dependencies }),
        ...seenSettings(each),
      })),
    }),
    ...(globalTimeout !== undefined && { globalTimeoutMs: globalTimeout }),
    webServers: servers.map(({ url, port, wait }) => ({
      ...(url !== undefined && { url }),
      ...(port !== undefined && { port }),
      ...([wait?.stdout, wait?.stderr].some((says) => says?.source.includes('(?<')) && { isHeard: true as const }),
    })),
  };
}

function seenReporters(reporter: NonNullable<PlaywrightTestConfig['reporter']>, path: string): readonly SeenReporter[] {
  const listed: readonly ReporterDescription[] = Array.isArray(reporter) ? reporter : [[reporter]];
  return listed.map(([name]) => ({ name, isLoadReporter: isLoadReporter(name, path) }));
}

function seenSettings(said: Project | PlaywrightTestConfig): SeenSettings {
  const { testDir, testMatch, testIgnore, grep, workers, retries, fullyParallel, timeout, metadata } = said;
  const { baseURL, ignoreHTTPSErrors, actionTimeout } = said.use ?? {};
  return {
    ...(testDir !== undefined && { testDir }),
    ...(testMatch !== undefined && { testMatch: [testMatch].flat().map(seenPattern) }),
    hasTestIgnore: testIgnore !== undefined,
    ...(grep !== undefined && { hasGrep: true }),
    ...(workers !== undefined && { workers }),
    ...(retries !== undefined && { retries }),
    ...(fullyParallel !== undefined && { fullyParallel }),
    ...(timeout !== undefined && { timeoutMs: timeout }),
    isLoad: (metadata as Record<string, unknown> | undefined)?.['load'] === true,
    use: {
      ...(typeof baseURL === 'string' && { baseURL }),
      ...(ignoreHTTPSErrors !== undefined && { ignoreHTTPSErrors }),
      ...(actionTimeout !== undefined && { actionTimeoutMs: actionTimeout }),
    },
  };
}

function seenPattern(pattern: string | RegExp): SeenPattern {
  if (typeof pattern === 'string') return { kind: 'glob', text: pattern };
  return { kind: 'expression', source: pattern.source, flags: pattern.flags };
}
