import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary, getExtension, setExtension, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { descriptorSet } from '@trellis/contracts';
import { BlogService } from '@trellis/contracts/blog/v1';
import { http } from '@trellis/contracts/google/api';
import { startProgram } from './start-program.js';
import type { Subject, Surroundings } from './subject.js';

const EXTENSIONS = 'type.googleapis.com/envoy.extensions';

/** A filter of the HTTP connection manager with its settings. */
const filter = (name: string, type: string, settings: object = {}): object => ({
  name: `envoy.filters.http.${name}`,
  typed_config: { '@type': `${EXTENSIONS}.filters.http.${name}.v3.${type}`, ...settings },
});

/** What our gateway does besides: a token verified and cached, a limit that is never reached, an access log to nowhere. */
const duties = ({ issuer }: Surroundings): object[] => [
  filter('jwt_authn', 'JwtAuthentication', {
    providers: {
      bench: {
        issuer: issuer.url,
        audiences: [issuer.audience],
        local_jwks: { inline_string: JSON.stringify(issuer.keys) },
        forward: true,
        jwt_cache_config: { jwt_cache_size: 1_000 },
      },
    },
    rules: [{ match: { prefix: '/' }, requires: { provider_name: 'bench' } }],
  }),
  filter('local_ratelimit', 'LocalRateLimit', {
    stat_prefix: 'limit',
    token_bucket: { max_tokens: 1e9, tokens_per_fill: 1e9, fill_interval: '1s' },
    filter_enabled: { default_value: { numerator: 100 } },
    filter_enforced: { default_value: { numerator: 100 } },
  }),
];

const accessLog = {
  name: 'envoy.access_loggers.file',
  typed_config: {
    '@type': `${EXTENSIONS}.access_loggers.file.v3.FileAccessLog`,
    path: '/dev/null',
    log_format: {
      json_format: {
        time: '%START_TIME%',
        method: '%REQ(:METHOD)%',
        path: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%',
        status: '%RESPONSE_CODE%',
        ms: '%DURATION%',
        bytes: '%BYTES_SENT%',
        upstream: '%UPSTREAM_HOST%',
        request_id: '%REQ(X-REQUEST-ID)%',
        address: '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
      },
    },
  },
};

/** Without `response_body`, which Envoy refuses: it answers with the whole message, the post in a field. */
function contract(): Uint8Array {
  const set = fromBinary(FileDescriptorSetSchema, descriptorSet([BlogService]));
  for (const { options } of set.file.flatMap(({ service }) => service.flatMap(({ method }) => method))) {
    const rule = options && getExtension(options, http);
    if (rule) setExtension(options, http, { ...rule, responseBody: '' });
  }
  return toBinary(FileDescriptorSetSchema, set);
}

function transcoder(folder: string): object {
  const proto_descriptor = join(folder, 'blog.binpb');
  writeFileSync(proto_descriptor, contract());
  return filter('grpc_json_transcoder', 'GrpcJsonTranscoder', { proto_descriptor, services: [BlogService.typeName] });
}

const http2 = {
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
    '@type': `${EXTENSIONS}.upstreams.http.v3.HttpProtocolOptions`,
    explicit_http_config: { http2_protocol_options: {} },
  },
};

const at = (port: number): object => ({ socket_address: { address: '127.0.0.1', port_value: port } });

/** One worker. */
function config(port: number, grpc: boolean, withDuties: boolean, surroundings: Surroundings): string {
  const { backends, folder } = surroundings;
  const manager = {
    '@type': `${EXTENSIONS}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: 'bench',
    ...(withDuties && { access_log: [accessLog] }),
    http_filters: [
      ...(withDuties ? duties(surroundings) : []),
      ...(grpc ? [transcoder(folder)] : []),
      filter('router', 'Router'),
    ],
    route_config: {
      virtual_hosts: [
        { name: 'all', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'backend' } }] },
      ],
    },
  };
  return JSON.stringify({
    static_resources: {
      listeners: [
        {
          name: 'bench',
          address: at(port),
          filter_chains: [
            { filters: [{ name: 'envoy.filters.network.http_connection_manager', typed_config: manager }] },
          ],
        },
      ],
      clusters: [
        {
          name: 'backend',
          connect_timeout: '1s',
          ...(grpc && { typed_extension_protocol_options: http2 }),
          load_assignment: {
            cluster_name: 'backend',
            endpoints: [{ lb_endpoints: [{ endpoint: { address: at(grpc ? backends.grpc : backends.http) } }] }],
          },
        },
      ],
    },
  });
}

function envoy(name: string, on: string, withDuties: boolean): Subject {
  return {
    name,
    cases: [on],
    warmsUp: false,
    start: (surroundings) =>
      startProgram({
        command: surroundings.programs.path('envoy'),
        folder: surroundings.folder,
        file: `${name}-${on}.json`,
        args: (file) => ['-c', file, '--concurrency', '1', '--disable-hot-restart', '-l', 'error'],
        config: (port) => config(port, on === 'rest-grpc', withDuties, surroundings),
      }),
  };
}

/** As it is, and with what our gateway does besides. */
export const ENVOYS: readonly Subject[] = ['rest-grpc', 'http-http'].flatMap((on) => [
  envoy('envoy', on, false),
  envoy('envoy-duties', on, true),
]);
