export * from './gen/trellis/blog/v1/blog_service_pb.js';
export * from './gen/trellis/blog/v1/events_pb.js';
