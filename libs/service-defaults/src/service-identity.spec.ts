import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { instanceEnv } from './common-env.js';
import { parseConfig } from './load-config.js';
import { ServiceIdentity } from './service-identity.js';
import { StartupProblem } from './startup-problem.js';

const identity = (env: Readonly<Record<string, string>>): ServiceIdentity =>
  new ServiceIdentity('blog', parseConfig(z.object(instanceEnv), env));

describe('ServiceIdentity', () => {
  it('is named by INSTANCE_ID, or by the service and eight hex digits', () => {
    expect(identity({ INSTANCE_ID: 'blog-1' }).instanceId).toBe('blog-1');
    expect(identity({}).instanceId).toMatch(/^blog-[0-9a-f]{8}$/);
  });

  it('is reached at ADVERTISE_HOST, or where it listens', () => {
    expect(identity({ HOST: '0.0.0.0', ADVERTISE_HOST: 'blog.internal' }).host).toBe('blog.internal');
    expect(identity({ HOST: '127.0.0.1' }).host).toBe('127.0.0.1');
  });

  it.each(['0.0.0.0', '::'])('never gives %s for an address: nobody can call it', (everywhere) => {
    try {
      expect(['0.0.0.0', '::']).not.toContain(identity({ HOST: everywhere }).host);
    } catch (error) {
      if (!(error instanceof StartupProblem)) throw error;
      expect(error.message).toMatch(/^ADVERTISE_HOST is missing while HOST is/); // a machine without a network
    }
  });

  it('shows the registry its pid and start', () => {
    expect(identity({}).metadata).toEqual({
      pid: String(process.pid),
      start_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });
});
