export { Code, type CodeName, codeName, httpStatus, phrase } from './code.js';
export {
  type ErrorDetails,
  ServiceError,
  type Violation,
  aborted,
  alreadyExists,
  deadlineExceeded,
  invalidArgument,
  notFound,
  permissionDenied,
  resourceExhausted,
  summary,
  unauthenticated,
  unavailable,
} from './service-error.js';
export { DETAILS_KEY, decodeStatus, encodeStatus } from './grpc-status.js';
export { PROBLEM_CONTENT_TYPE, type Problem, type ProblemContext, type ProblemError, toProblem } from './problem.js';
