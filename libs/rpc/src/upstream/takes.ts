import type { Instance } from '@trellis/discovery';

/**
 * Whether an instance takes a gRPC method: its contract says so; where the registry knows no methods the announced services
 * do; an instance that announced neither is taken at its word that it belongs to the service.
 */
export function takesGrpc(path: string): (instance: Instance) => boolean {
  const method = path.slice(1);
  const service = method.slice(0, method.lastIndexOf('/'));
  return ({ protocol, grpcMethods, grpcServices }) => {
    if (protocol !== 'grpc') return false;
    if (grpcMethods.length > 0) return grpcMethods.includes(method);
    return grpcServices.length === 0 || grpcServices.includes(service);
  };
}

/** Key of the one method that plain HTTP has, for each version that is asked for. No gRPC path looks like it. */
export const httpMethodKey = (version: string | undefined): string =>
  version === undefined ? 'http' : `http@${version}`;

/** Whether an instance speaks HTTP and has the version in the key. */
export function takesHttp(key: string): (instance: Instance) => boolean {
  const version = key.startsWith('http@') ? key.slice('http@'.length) : undefined;
  return (instance) => instance.protocol === 'http' && (version === undefined || instance.version === version);
}
