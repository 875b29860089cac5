import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';

const server = createApp().listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  console.log(`ready pid=${process.pid} port=${(server.address() as AddressInfo).port}`);
});
