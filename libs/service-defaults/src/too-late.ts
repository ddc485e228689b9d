import type { ServerUnaryCall } from '@grpc/grpc-js';
import { type ServiceError, deadlineExceeded } from '@trellis/errors';
import { grpcStatus } from './grpc-status.js';

/**
 * Whether nobody waits for the call any more. A busy process sees some calls only after their deadline; each one that it
 * served nevertheless would make the next one late.
 */
export function isTooLate(call: Pick<ServerUnaryCall<unknown, unknown>, 'getDeadline'>): boolean {
  return Number(call.getDeadline()) <= Date.now();
}

export const tooLate = (): ServiceError =>
  deadlineExceeded('The deadline had passed before the call was looked at', { reason: 'DEADLINE_PASSED' });

export const TOO_LATE = grpcStatus(tooLate());
