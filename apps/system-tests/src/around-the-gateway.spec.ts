import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Client, Metadata, credentials, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GetUserRequestSchema, GetUserResponseSchema } from '@trellis/contracts/user/v1';
import { request } from '@trellis/demo';
import { type Person, machineToken, newPerson } from './people.js';
import { at, platform } from './platform.js';

/** Whoever reaches a service inside the network finds the same locks as at the gateway. */
describe('the user service, reached around the gateway', () => {
  let ada: Person;
  let client: Client;

  beforeAll(async () => {
    ada = await newPerson();
    const { body } = await request(`${platform.registryUrl}/v1/services/user/instances`);
    client = new Client(String(at(body, 'instances', '0', 'address')), credentials.createInsecure());
  });
  afterAll(() => client.close());

  const getUser = (token?: string): Promise<{ code: number; username?: string }> => {
    const metadata = new Metadata();
    if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
    const message = Buffer.from(toBinary(GetUserRequestSchema, create(GetUserRequestSchema, { id: ada.id })));
    return invoke('GetUser', message, metadata);
  };

  function invoke(method: string, message: Buffer, metadata: Metadata): Promise<{ code: number; username?: string }> {
    const pass = (bytes: Buffer): Buffer => bytes;
    return new Promise((resolve) => {
      const path = `/trellis.user.v1.UserService/${method}`;
      client.makeUnaryRequest(path, pass, pass, message, metadata, { deadline: Date.now() + 5000 }, (error, answer) => {
        if (error || !answer) return resolve({ code: error?.code ?? status.UNKNOWN });
        const { user } = fromBinary(GetUserResponseSchema, answer);
        resolve({ code: status.OK, ...(user && { username: user.username }) });
      });
    });
  }

  it('answers a valid token', async () => {
    expect(await getUser(ada.token)).toEqual({ code: status.OK, username: ada.username });
  });

  it('refuses a call without a token, or with one that is forged', async () => {
    expect(await getUser()).toEqual({ code: status.UNAUTHENTICATED });
    expect(await getUser(`${ada.token.slice(0, -8)}AAAAAAAA`)).toEqual({ code: status.UNAUTHENTICATED });
  });

  it('lets nobody but auth check a password', async () => {
    for (const token of [ada.token, await machineToken()]) {
      const metadata = new Metadata();
      metadata.set('authorization', `Bearer ${token}`);
      expect(await invoke('VerifyPassword', Buffer.alloc(0), metadata)).toEqual({ code: status.PERMISSION_DENIED });
    }
  });
});
