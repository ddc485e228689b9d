import type { Joined } from '../group/member.js';
import { ErrorCode, errorCodeOf, KafkaError } from '../wire/kafka-error.js';
import { WireWriter } from '../wire/writer.js';
import type { Api } from './api.js';

const NO_GENERATION = -1;

export const joinGroup: Api = {
  name: 'JoinGroup',
  key: 11,
  version: 5,
  async handle(request, { broker, clientId, clientHost }) {
    const group = request.string();
    const sessionTimeoutMs = request.int32();
    const rebalanceTimeoutMs = request.int32();
    const memberId = request.string();
    request.nullableString(); // instance id: static membership is not kept
    const protocolType = request.string();
    // Copied, because a member outlives the request's buffer.
    const protocols = request.array(() => ({ name: request.string(), metadata: Buffer.from(request.bytes()) }));
    if (memberId === '') return refused(ErrorCode.MEMBER_ID_REQUIRED, broker.groups.invite(clientId));
    const member = { memberId, clientId, clientHost, sessionTimeoutMs, rebalanceTimeoutMs, protocolType, protocols };
    try {
      return joined(ErrorCode.NONE, await broker.groups.join(group, member));
    } catch (error) {
      if (error instanceof KafkaError) return refused(error.code, memberId);
      throw error;
    }
  },
};

export const syncGroup: Api = {
  name: 'SyncGroup',
  key: 14,
  version: 3,
  async handle(request, { broker }) {
    const group = request.string();
    const generation = request.int32();
    const memberId = request.string();
    request.nullableString(); // instance id
    const assignments = request.array(() => ({ memberId: request.string(), assignment: request.bytes() }));
    const answer = (error: ErrorCode, assignment: Buffer) => new WireWriter().int32(0).int16(error).bytes(assignment);
    try {
      const found = broker.groups.withMembers(group);
      return answer(ErrorCode.NONE, await found.sync(memberId, generation, assignments, broker.now()));
    } catch (error) {
      if (error instanceof KafkaError) return answer(error.code, Buffer.alloc(0));
      throw error;
    }
  },
};

export const heartbeat: Api = {
  name: 'Heartbeat',
  key: 12,
  version: 3,
  handle(request, { broker }) {
    const group = request.string();
    const generation = request.int32();
    const memberId = request.string();
    const error = errorCodeOf(() => broker.groups.withMembers(group).heartbeat(memberId, generation, broker.now()));
    return new WireWriter().int32(0).int16(error);
  },
};

export const leaveGroup: Api = {
  name: 'LeaveGroup',
  key: 13,
  version: 3,
  handle(request, { broker }) {
    const group = request.string();
    const leaving = request.array(() => ({ memberId: request.string(), instanceId: request.nullableString() }));
    const response = new WireWriter().int32(0).int16(ErrorCode.NONE);
    return response.array(leaving, ({ memberId, instanceId }) => {
      const error = errorCodeOf(() => broker.groups.withMembers(group).leave(memberId, broker.now()));
      response.string(memberId).string(instanceId).int16(error);
    });
  },
};

const refused = (error: ErrorCode, memberId: string): WireWriter =>
  joined(error, { generation: NO_GENERATION, protocol: '', leaderId: '', memberId, members: [] });

function joined(error: ErrorCode, { generation, protocol, leaderId, memberId, members }: Joined): WireWriter {
  const response = new WireWriter().int32(0).int16(error); // throttle time
  response.int32(generation).string(protocol).string(leaderId).string(memberId);
  return response.array(members, (member) => response.string(member.memberId).string(null).bytes(member.metadata));
}
