import 'reflect-metadata';
import { All, Controller, Module, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Agent } from 'undici';
import { listening } from './listening.js';

/** A controller over Fastify that passes on what comes with undici, the quickest client that there is for it. */
const [address = ''] = process.argv.slice(2);
const agent = new Agent({ connections: 64 });

/** They belong to the connection (RFC 9110, 7.6.1). */
const OWN = ['connection', 'keep-alive', 'transfer-encoding', 'host', 'content-length'];

@Controller()
class ProxyController {
  @All('*')
  async pass(@Req() { method, url, headers, body }: FastifyRequest, @Res() reply: FastifyReply) {
    const passed = Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN.includes(name)));
    const answer = await agent.request({
      origin: `http://${address}`,
      path: url,
      method: method as 'GET' | 'POST',
      headers: passed,
      body: body === undefined || body === null ? null : JSON.stringify(body),
    });
    const { connection: _connection, 'keep-alive': _keepAlive, ...shown } = answer.headers;
    await reply.status(answer.statusCode).headers(shown).send(answer.body);
  }
}

@Module({ controllers: [ProxyController] })
class NestProxyModule {}

const app = await NestFactory.create<NestFastifyApplication>(NestProxyModule, new FastifyAdapter(), {
  logger: ['error'],
});
await app.listen(0, '127.0.0.1');
listening(await app.getUrl());
