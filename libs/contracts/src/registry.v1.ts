export * from './gen/trellis/registry/v1/registry_service_pb.js';
