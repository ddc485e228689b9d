export * from './gen/trellis/user/v1/user_service_pb.js';
export * from './gen/trellis/user/v1/events_pb.js';
