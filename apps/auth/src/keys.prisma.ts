import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { PrismaClient } from './generated/prisma/client.js';
import { type ProviderKeys, newCookieKey, newSigningKey } from './keys.js';

/** Any number that nothing else in this database locks. */
const LOCK = 5_410_001;

const signingKeys = z.tuple([z.looseObject({ kid: z.string() })], z.looseObject({ kid: z.string() }));
const cookieKeys = z.array(z.string()).min(1);

/** Reads the keys and makes what is missing. When several instances start at once, one makes them and all get the same. */
export async function loadKeys(prisma: PrismaClient): Promise<ProviderKeys> {
  return await prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK}::bigint)`;
    const has = async (purpose: 'signing' | 'cookie') => (await tx.key.count({ where: { purpose } })) > 0;
    if (!(await has('signing'))) {
      const key = await newSigningKey();
      await tx.key.create({ data: { id: key.kid, purpose: 'signing', value: { ...key } } });
    }
    if (!(await has('cookie'))) {
      await tx.key.create({ data: { id: randomUUID(), purpose: 'cookie', value: newCookieKey() } });
    }
    const rows = await tx.key.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'asc' }] });
    const values = (purpose: string) => rows.filter((row) => row.purpose === purpose).map((row) => row.value);
    return { signing: signingKeys.parse(values('signing')), cookie: cookieKeys.parse(values('cookie')) };
  });
}
