import proxy from '@fastify/http-proxy';
import Fastify from 'fastify';
import { listening } from './listening.js';

const [address = ''] = process.argv.slice(2);

const app = Fastify();
await app.register(proxy, { upstream: `http://${address}` });
listening(await app.listen({ port: 0, host: '127.0.0.1' }));
