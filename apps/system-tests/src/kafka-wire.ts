import { connect } from 'node:net';

/** For requests that no client sends: length, key, version, correlation id, client id (null), then the body. */
export function ask(address: string, key: number, version: number, body = Buffer.alloc(0)): Promise<Buffer | 'closed'> {
  const head = Buffer.alloc(14);
  head.writeInt32BE(10 + body.length, 0);
  head.writeInt16BE(key, 4);
  head.writeInt16BE(version, 6);
  head.writeInt16BE(-1, 12);
  const { hostname, port } = new URL(`tcp://${address}`);
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | 'closed'>();
  const socket = connect(Number(port), hostname, () => socket.write(Buffer.concat([head, body])));
  let answer = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    answer = Buffer.concat([answer, chunk]);
    if (answer.length >= 4 && answer.length >= 4 + answer.readInt32BE(0)) resolve(answer.subarray(8));
  });
  socket.on('close', () => resolve('closed'));
  socket.on('error', reject);
  return promise.finally(() => socket.destroy());
}

const text = (value: string): Buffer => Buffer.concat([int16(value.length), Buffer.from(value)]);
const int16 = (value: number): Buffer => Buffer.from([value >> 8, value]);
const int32 = (value: number): Buffer => Buffer.from([value >> 24, value >> 16, value >> 8, value]);

/** Who a member of a group says to be. */
export interface Claim {
  readonly group: string;
  readonly generation: number;
  readonly member: string;
}

/** The error code of a heartbeat, in version 3. */
export async function heartbeat(address: string, { group, generation, member }: Claim): Promise<number | 'closed'> {
  const noInstance = int16(-1);
  const answer = await ask(address, 12, 3, Buffer.concat([text(group), int32(generation), text(member), noInstance]));
  return answer === 'closed' ? answer : answer.readInt16BE(4); // after the throttle time
}

/** The error code of a commit of offset 1 in partition 0, in version 5. */
export async function commit(address: string, claim: Claim, topic: string): Promise<number | 'closed'> {
  const who = Buffer.concat([text(claim.group), int32(claim.generation), text(claim.member)]);
  const offset = Buffer.concat([int32(0), Buffer.alloc(7), Buffer.from([1]), int16(-1)]);
  const body = Buffer.concat([who, int32(1), text(topic), int32(1), offset]);
  const answer = await ask(address, 8, 5, body);
  return answer === 'closed' ? answer : answer.readInt16BE(answer.length - 2);
}

export interface ApiRange {
  readonly key: number;
  readonly min: number;
  readonly max: number;
}

/** What a broker understands. Its error is 35 when it does not know this version of the question. */
export async function apiVersions(address: string, version: number): Promise<{ error: number; ranges: ApiRange[] }> {
  const answer = await ask(address, 18, version, Buffer.from([0])); // no tags, which newer versions have in their head
  if (answer === 'closed') throw new Error(`${address} ends the connection when it is asked for its versions`);
  const ranges = Array.from({ length: answer.readInt32BE(2) }, (_, index) => {
    const at = 6 + 6 * index;
    return { key: answer.readInt16BE(at), min: answer.readInt16BE(at + 2), max: answer.readInt16BE(at + 4) };
  });
  return { error: answer.readInt16BE(0), ranges };
}
