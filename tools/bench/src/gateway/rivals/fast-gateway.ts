import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import gateway from 'fast-gateway';
import { listening } from './listening.js';

const [address = ''] = process.argv.slice(2);

const service = gateway({ routes: [{ prefix: '/', pathRegex: '*', prefixRewrite: '/', target: `http://${address}` }] });
const server = await service.start(0, '127.0.0.1');
if (!server.listening) await once(server, 'listening');
listening(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
