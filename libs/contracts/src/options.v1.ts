export * from './gen/trellis/v1/options_pb.js';
