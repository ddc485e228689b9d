import { type DescMethod, create, toBinary } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { Client, Metadata, type ServiceError, credentials, status } from '@grpc/grpc-js';
import { methodPolicy, serviceName, services } from '@trellis/contracts';

/** Codes that say that the instance failed; all others are an answer to an empty request. */
const FAULTS: ReadonlySet<number> = new Set([
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.UNIMPLEMENTED,
  status.INTERNAL,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);

const ANSWER_WITHIN_MS = 5_000;

/** An access token with so much and no more. */
export type TokenFor = (scopes: readonly string[]) => Promise<string>;

/**
 * Calls each method of the service that the contract says has no side effects, once, with an empty message: at the instance
 * itself, before anybody else does. Rejects when it answers with a fault. A service without such methods passes.
 */
export async function smokeGrpc(service: string, address: string, tokenFor: TokenFor): Promise<void> {
  const reads = services
    .filter((contract) => serviceName(contract) === service)
    .flatMap(({ methods }) =>
      methods.filter(({ idempotency, methodKind }) => isRead(idempotency) && methodKind === 'unary'),
    );
  if (reads.length === 0) return;
  const client = new Client(address, credentials.createInsecure());
  try {
    const token = await tokenFor([...new Set(reads.flatMap((method) => methodPolicy(method).scopes))]);
    for (const method of reads) {
      const error = await call(client, method, token);
      if (error && FAULTS.has(error.code)) throw new Error(`${method.name} answers ${error.message}`);
    }
  } finally {
    client.close();
  }
}

const isRead = (level: number): boolean => level === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS;

function call(client: Client, method: DescMethod, token: string): Promise<ServiceError | null> {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  const request = Buffer.from(toBinary(method.input, create(method.input)));
  const pass = (message: Buffer): Buffer => message;
  const path = `/${method.parent.typeName}/${method.name}`;
  const deadline = Date.now() + ANSWER_WITHIN_MS;
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, pass, pass, request, metadata, { deadline }, (error) => resolve(error));
  });
}

/** What a path has to be answered with. */
export type Expected = readonly (readonly [path: string, status: number])[];

/** Asks an HTTP server for each path. Rejects when it answers anything else than expected. */
export async function smokeHttp(url: string, expected: Expected, signal?: AbortSignal): Promise<void> {
  for (const [path, wanted] of expected) {
    const timeout = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(url + path, { signal: signal ? AbortSignal.any([signal, timeout]) : timeout });
    await response.body?.cancel();
    if (response.status !== wanted) throw new Error(`${path} is answered with ${response.status} instead of ${wanted}`);
  }
}
