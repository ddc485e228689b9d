export { type Answer, type RequestOptions, request } from './http.js';
export { type Trace, readTrace } from './jaeger.js';
export { steadyReads } from './steady-reads.js';
export { readTraceContract, traceBreaks, traceContracts } from './read-trace-contract.js';
export { traceTree, walk } from './trace-tree.js';
