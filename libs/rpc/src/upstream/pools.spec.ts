import { describe, expect, it } from '@jest/globals';
import { READ, ScriptedStack, failing, instance } from '../scripted.fixture.js';

const OLD = ['test.v1.EchoService/Echo'];
const NEW = [...OLD, 'test.v1.EchoService/Shout'];
const ECHO = READ;
const SHOUT = { ...READ, path: '/test.v1.EchoService/Shout' };
const by = (name: string, grpcMethods: readonly string[]) => instance(name, { grpcMethods });

describe('versions side by side', () => {
  it('take the methods that their contracts have', async () => {
    const stack = new ScriptedStack('');
    stack.directory.set(by('a', OLD), by('b', NEW));
    expect((await stack.endings(4, ECHO)).sort()).toEqual(['a', 'a', 'b', 'b']);
    expect(await stack.endings(2, SHOUT)).toEqual(['b', 'b']);
    stack.directory.set(by('a', OLD));
    expect(await stack.ending(SHOUT)).toBe('NO_INSTANCE');
    stack.directory.set(by('a', NEW), by('b', NEW));
    expect((await stack.endings(4, SHOUT)).sort()).toEqual(['a', 'a', 'b', 'b']);
  });

  it('share what is known of an instance as long as they share the instances', async () => {
    const policies = { defaults: { outlier: { consecutive: 2 }, retries: false, breaker: false } } as const;
    const stack = new ScriptedStack('', policies);
    stack.directory.set(by('a', NEW), by('b', NEW));
    await stack.ending(SHOUT);
    stack.let('a', failing.lost);
    await stack.endings(6, ECHO); // puts a out
    expect(await stack.endings(4, SHOUT)).toEqual(['b', 'b', 'b', 'b']);
    expect(stack.warnings).toEqual(['instance ejected']);
  });

  it('keep what is known when others come and go', async () => {
    const policies = { defaults: { outlier: { consecutive: 2 }, retries: false, breaker: false } } as const;
    const stack = new ScriptedStack('abc', policies);
    stack.let('a', failing.lost);
    await stack.endings(9);
    stack.directory.set(instance('a'), instance('b'), instance('d'));
    expect(await stack.endings(6)).not.toContain('CONNECTION_LOST');
  });
});

describe('an instance', () => {
  it('that announced no gRPC at all is taken at its word that it belongs to the service', async () => {
    const stack = new ScriptedStack('');
    stack.directory.set(instance('a', { grpcServices: [] }));
    expect(await stack.ending(SHOUT)).toBe('a');
  });

  it('that speaks HTTP gets no gRPC', async () => {
    const stack = new ScriptedStack('');
    stack.directory.set(instance('a', { grpcServices: [], protocol: 'http' }));
    expect(await stack.ending(SHOUT)).toBe('NO_INSTANCE');
  });
});
