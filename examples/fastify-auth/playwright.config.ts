import { defineConfig } from '@playwright/test';

// Where the server says that it is ready, Playwright takes these two from what it says; the load reporter watches the process.
const { BASE_URL, SERVER_PORT } = process.env;

export default defineConfig({
  testDir: 'tests',
  reporter: [['list'], ['playload/reporter'], ['html', { open: 'never' }]],
  use: { baseURL: BASE_URL ?? `http://127.0.0.1:${SERVER_PORT}` },
  webServer: {
    command: 'npm start',
    env: { PORT: '0', ACCESS_TOKEN_MS: '4000' }, // any port that is free; tokens expire while tests run
    wait: { stdout: /ready pid=(?<server_pid>\d+) port=(?<server_port>\d+)/ },
  },
  projects: [
    { name: 'functional', testIgnore: '**/*.load.spec.*' },
    {
      name: 'load',
      testMatch: '**/*.load.spec.*',
      workers: 1,
      retries: 0,
      metadata: { load: true },
      dependencies: ['functional'], // load is for what works, and nothing else runs beside it
    },
  ],
});
