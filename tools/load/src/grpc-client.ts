import { BlogService } from '@trellis/contracts/blog/v1';
import { type Directory, watchRegistry } from '@trellis/discovery';
import { ServiceError, codeName } from '@trellis/errors';
import { keptCredential } from '@trellis/launch';
import { createRpc } from '@trellis/rpc';
import { createLogger } from '@trellis/telemetry';
import type { Operation } from './generate.js';

/** Under this name the generator watches the registry. It announces nothing. */
const SERVICE = 'load';
/** The registry reads new credentials once a second, and a watch that it has refused waits for a person. */
const ATTEMPTS = 15;
const ATTEMPT_MS = 1_000;
const CALL_WITHIN_MS = 5_000;

export interface GrpcAccess {
  /** `host:port` of the registry's gRPC. */
  readonly registryGrpc: string;
  /** The registry's file, into which a credential of the generator is put. */
  readonly credentialsFile: string;
}

/** A caller within the platform, as every service is one: through the registry, balancing and the retries of `libs/rpc`. */
export interface GrpcClient {
  /** Reads a post from blog. */
  read(token: () => string, id: string): Operation['run'];
  list(token: () => string): Operation['run'];
  close(): void;
}

/** Throws when the registry sends no list. */
export async function grpcClient({ registryGrpc, credentialsFile }: GrpcAccess): Promise<GrpcClient> {
  const logger = createLogger({ name: SERVICE, level: 'silent' });
  const directory = await watched({
    address: registryGrpc,
    credential: keptCredential(credentialsFile, SERVICE),
    logger,
  });
  const rpc = createRpc({ directory, logger });
  const blog = rpc.client(BlogService);
  const options = (token: () => string) => ({ token: token(), deadline: Date.now() + CALL_WITHIN_MS });
  return {
    read: (token, id) => outcomeOf(() => blog.getPost({ id }, options(token))),
    list: (token) => outcomeOf(() => blog.listPosts({ pageSize: 10 }, options(token))),
    close: () => {
      rpc.close();
      directory.close();
    },
  };
}

async function watched(options: Parameters<typeof watchRegistry>[0]): Promise<Directory> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const directory = watchRegistry(options);
    if (await directory.ready(ATTEMPT_MS)) return directory;
    directory.close();
  }
  throw new Error(`The registry at ${options.address} sends no list`);
}

const outcomeOf = (call: () => Promise<unknown>) => async (): Promise<string> => {
  try {
    await call();
    return 'ok';
  } catch (error) {
    const { code, reason } = ServiceError.from(error);
    return ['gRPC', codeName(code), reason].filter(Boolean).join(' ');
  }
};
