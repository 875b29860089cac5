/**
 * journey.har, recorded at http://agent.example, as a load: made by `npx playload from`. The server that is tested is `baseURL`.
 */
import { expect, test, users } from 'playload';

test('journey.har', async ({ load }) => {
  const run = await load(users(10).for('5s'), async ({ request, check, pause }) => {
    const getConfig = await request.get('/api/v1/config');
    check('GET /api/v1/config answers 200', getConfig.status() === 200);
    await pause('800ms');
    const postWorkflow = await request.post('/api/v1/workflows', { data: { instance_id: 'vllm-1' } });
    check('POST /api/v1/workflows answers 202', postWorkflow.status() === 202);
    const workflowId = (await postWorkflow.json()).id;
    await pause('300ms');
    const getWorkflow = await request.get(`/api/v1/workflows/${workflowId}`);
    check('GET /api/v1/workflows/:workflowId answers 200', getWorkflow.status() === 200);
    await pause('1.2s');
    const postCancel = await request.post(`/api/v1/workflows/${workflowId}/cancel`, { data: { reason: 'only looking' } });
    check('POST /api/v1/workflows/:workflowId/cancel answers 200', postCancel.status() === 200);
    await pause('200ms');
    const getWorkflow2 = await request.get(`/api/v1/workflows/${workflowId}`);
    check('GET /api/v1/workflows/:workflowId answers 200', getWorkflow2.status() === 200);
  });
  expect(run).toMeet({ successRate: '100%', p95: '< 1s' });
});
