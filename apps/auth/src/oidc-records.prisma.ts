import { isOutage } from '@trellis/database';
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { OidcRecord, Prisma, PrismaClient } from './generated/prisma/client.js';

/** An escaped NUL, which PostgreSQL does not store. After an escaped backslash the same characters are text. */
const NUL_IN_JSON = /(?<!\\)(?:\\\\)*\\u0000/;

/** oidc-provider's storage of one of its models, in PostgreSQL. */
export class OidcRecords implements Adapter {
  readonly #prisma: PrismaClient;
  readonly #model: string;

  constructor(prisma: PrismaClient, model: string) {
    this.#prisma = prisma;
    this.#model = model;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    if (NUL_IN_JSON.test(JSON.stringify(payload))) throw new errors.InvalidRequest('a parameter holds a NUL character');
    const data = {
      payload: payload as Prisma.InputJsonObject,
      grantId: payload.grantId ?? null,
      uid: payload.uid ?? null,
      expiresAt: expiresIn === undefined ? null : new Date(Date.now() + expiresIn * 1000),
    };
    const where = { model_id: { model: this.#model, id } };
    await ask(this.#prisma.oidcRecord.upsert({ where, create: { model: this.#model, id, ...data }, update: data }));
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    if (id.includes('\0')) return undefined; // ids come from requests as they are, and PostgreSQL does not even look for it
    const where = { model_id: { model: this.#model, id } };
    return toPayload(await ask(this.#prisma.oidcRecord.findUnique({ where })));
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return toPayload(await ask(this.#prisma.oidcRecord.findFirst({ where: { model: this.#model, uid } })));
  }

  /** Only the device flow asks, and it is off. */
  findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** Refuses the second of two uses at the same moment, which oidc-provider's own check cannot see. */
  async consume(id: string): Promise<void> {
    const where = { model: this.#model, id, consumedAt: null };
    const { count } = await ask(this.#prisma.oidcRecord.updateMany({ where, data: { consumedAt: new Date() } }));
    if (count === 0) throw new errors.InvalidGrant('already consumed');
  }

  async destroy(id: string): Promise<void> {
    await ask(this.#prisma.oidcRecord.deleteMany({ where: { model: this.#model, id } }));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await ask(this.#prisma.oidcRecord.deleteMany({ where: { model: this.#model, grantId } }));
  }
}

/** oidc-provider answers with the error's status: a database that is away is a 503, not a fault of ours. */
async function ask<T>(query: PromiseLike<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    throw isOutage(error) ? new errors.OIDCProviderError(503, 'temporarily_unavailable', { cause: error }) : error;
  }
}

function toPayload(record: OidcRecord | null): AdapterPayload | undefined {
  if (record === null || (record.expiresAt !== null && record.expiresAt.getTime() <= Date.now())) return undefined;
  const consumed = record.consumedAt && { consumed: Math.floor(record.consumedAt.getTime() / 1000) };
  return { ...(record.payload as AdapterPayload), ...consumed };
}
