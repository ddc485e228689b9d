import { ErrorCode, errorCodeOf } from '../wire/kafka-error.js';
import { WireWriter } from '../wire/writer.js';
import type { Api } from './api.js';

export const describeGroups: Api = {
  name: 'DescribeGroups',
  key: 15,
  version: 2,
  handle(request, { broker }) {
    const ids = request.array(() => request.string());
    const response = new WireWriter().int32(0); // throttle time
    return response.array(ids, (id) => {
      const group = broker.groups.find(id);
      const absent = broker.groups.exists(id) ? 'Empty' : 'Dead';
      response
        .int16(ErrorCode.NONE)
        .string(id)
        .string(group?.state ?? absent);
      const protocol = group?.state === 'Stable' ? group.protocol : ''; // only then it is settled
      response.string(group?.protocolType ?? '').string(protocol);
      response.array(group?.members ?? [], (member) => {
        response.string(member.id).string(member.request.clientId).string(member.request.clientHost);
        response.bytes(member.metadata(protocol)).bytes(member.assignment);
      });
    });
  },
};

export const listGroups: Api = {
  name: 'ListGroups',
  key: 16,
  version: 2,
  handle(_request, { broker }) {
    const response = new WireWriter().int32(0).int16(ErrorCode.NONE); // throttle time
    return response.array(broker.groups.ids, (id) => {
      response.string(id).string(broker.groups.find(id)?.protocolType ?? 'consumer');
    });
  },
};

export const deleteGroups: Api = {
  name: 'DeleteGroups',
  key: 42,
  version: 1,
  handle(request, { broker }) {
    const ids = request.array(() => request.string());
    const response = new WireWriter().int32(0); // throttle time
    return response.array(ids, (id) => response.string(id).int16(errorCodeOf(() => broker.groups.delete(id))));
  },
};
