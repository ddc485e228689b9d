export { type Answer, type RequestOptions, request } from './http.js';
export { type Span, type Trace, readTrace } from './jaeger.js';
export { type ReadResult, steadyReads } from './steady-reads.js';
export { type TraceNode, drawTree, traceTree, walk } from './trace-tree.js';
export { until } from './until.js';
