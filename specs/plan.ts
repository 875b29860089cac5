/**
 * What the plan promises of the agent: every limit of its tables, in one place and in its own words, and the endpoints
 * they are about.
 */
import { type Scenario, slo } from 'playload';

export interface Endpoint {
  /** Its row in every table. */
  readonly name: string;
  readonly call: Scenario;
  /** The plan's response time targets. */
  readonly responseTime: { readonly target: `< ${number}ms`; readonly acceptable: `< ${number}ms` };
  /** The plan's throughput target. */
  readonly throughput: `> ${number}/s`;
}

export const endpoints = {
  health: {
    name: 'GET /api/v1/health',
    call: ({ request }) => request.get('/api/v1/health'),
    responseTime: { target: '< 50ms', acceptable: '< 100ms' },
    throughput: '> 1000/s',
  },
  config: {
    name: 'GET /api/v1/config',
    call: ({ request }) => request.get('/api/v1/config'),
    responseTime: { target: '< 100ms', acceptable: '< 200ms' },
    throughput: '> 500/s',
  },
  capabilities: {
    name: 'GET /api/v1/capabilities',
    call: ({ request }) => request.get('/api/v1/capabilities'),
    responseTime: { target: '< 100ms', acceptable: '< 200ms' },
    throughput: '> 500/s',
  },
  workflows: {
    name: 'GET /api/v1/workflows',
    call: ({ request }) => request.get('/api/v1/workflows'),
    responseTime: { target: '< 200ms', acceptable: '< 500ms' },
    throughput: '> 100/s',
  },
} as const satisfies Record<string, Endpoint>;

/**
 * "Workflow Endpoints" of its throughput targets are not lists alone. The plan says nothing of their time: a list's
 * holds.
 */
export const creation = {
  name: 'POST /api/v1/workflows',
  call: ({ request, iteration }) =>
    request.post('/api/v1/workflows', { data: { instance_id: `throughput-${iteration % 100}` } }),
  responseTime: endpoints.workflows.responseTime,
  throughput: endpoints.workflows.throughput,
} as const satisfies Endpoint;

/**
 * "Response Time Targets" as objectives that a server is taken to its limits by, with the errors that its hundred users
 * may see.
 */
export const slos = {
  health: slo({ p95: endpoints.health.responseTime.target, errorRate: '< 1%' }, { name: 'health' }),
  workflows: slo({ p95: endpoints.workflows.responseTime.target, errorRate: '< 1%' }, { name: 'the workflow list' }),
} as const;

/** "Response Time Targets" of what asks an engine or works on what it said. */
export const diagnosisTimes = {
  collection: { target: '< 3s', acceptable: '< 5s' },
  analysis: { target: '< 1s', acceptable: '< 2s' },
  optimization: { target: '< 2s', acceptable: '< 3s' },
} as const;

/** "Load Test Metrics". */
export const loadLimits = { successRate: '100%', mean: '< 1s', max: '< 2s' } as const;

/** "Load Testing": requests at once. */
export const levels = { light: 10, normal: 50, peak: 100, heavy: 200 } as const;

/** "Stress Test Metrics". */
export const stressLimits = { health: '> 95%', mixed: '> 90%', sustained: '> 95%' } as const;

/**
 * What users wait for beside it: as long as the plan accepts of its slowest list, or of "Load Test Metrics" at the
 * worst.
 */
export const scalabilityTimes = { target: '< 500ms', acceptable: '< 1s' } as const;

/** "Scalability Targets": success rate by concurrent users. */
export const scalability = [
  { users: 10, successRate: '100%' },
  { users: 50, successRate: '100%' },
  { users: 100, successRate: '> 99%' },
  { users: 200, successRate: '> 95%' },
  { users: 500, successRate: '> 90%' },
] as const;

/** "Resource Usage". */
export const memoryGrowthLimitMb = 100;

/** Lists are measured with so many workflows stored; an empty list proves nothing. */
export const storedWorkflows = 10_000;
