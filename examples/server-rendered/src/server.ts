import type { AddressInfo } from 'node:net';
import { createApp } from './app.tsx';

const server = createApp();
server.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  console.log(`ready pid=${process.pid} port=${(server.address() as AddressInfo).port}`);
});
