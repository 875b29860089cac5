import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { isVital, scopeOf } from './access.ts';

const cases = [
  { method: 'GET', path: '/api/v1/health', scope: undefined, vital: true },
  { method: 'GET', path: '/livez', scope: undefined, vital: true },
  { method: 'GET', path: '/api/v1/health/detailed', scope: 'read', vital: true },
  { method: 'GET', path: '/metrics', scope: 'read', vital: true },
  { method: 'GET', path: '/openapi.json', scope: undefined, vital: false },
  { method: 'GET', path: '/api/v1/workflows', scope: 'read', vital: false },
  { method: 'POST', path: '/api/v1/workflows', scope: 'operate', vital: false },
  { method: 'POST', path: '/api/v1/workflows/x/cancel', scope: 'operate', vital: false },
  { method: 'POST', path: '/api/v1/workflows/x/approve', scope: 'approve', vital: false },
  { method: 'POST', path: '/api/v1/workflows/x/reject', scope: 'approve', vital: false },
  { method: 'POST', path: '/workflows/x/approve', scope: 'approve', vital: false },
  { method: 'POST', path: '/workflows//reject', scope: 'approve', vital: false },
  { method: 'PUT', path: '/api/v1/instances/approve', scope: 'operate', vital: false },
  { method: 'DELETE', path: '/api/v1/instances/reject', scope: 'operate', vital: false },
  { method: 'POST', path: '/api/v1/collect/approve', scope: 'operate', vital: false },
  { method: 'POST', path: '/api/v1/analyze', scope: 'read', vital: false },
  { method: 'POST', path: '/api/v1/collect/vllm', scope: 'operate', vital: false },
  { method: 'DELETE', path: '/api/v1/instances/x', scope: 'operate', vital: false },
  { method: 'PATCH', path: '/something/new', scope: 'operate', vital: false },
];
for (const { method, path, scope, vital } of cases) {
  test(`${method} ${path} needs ${scope ?? 'no key'}${vital ? ', always answered' : ''}`, () => {
    expect(scopeOf(method, path)).toBe(scope);
    expect(isVital(path)).toBe(vital);
  });
}
