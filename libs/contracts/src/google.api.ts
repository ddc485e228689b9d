export * from './gen/google/api/http_pb.js';
export * from './gen/google/api/annotations_pb.js';
