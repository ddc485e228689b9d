export { type Clock, type Ended, type Load, type Operation, generate } from './generate.js';
export type { GrpcAccess } from './grpc-client.js';
export { type LoadOptions, runLoad } from './run-load.js';
export type { ScenarioName } from './scenarios.js';
export { type Latencies, type OperationSummary, type Summary, Tally } from './tally.js';
