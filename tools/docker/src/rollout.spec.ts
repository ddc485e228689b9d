import { describe, expect, it } from '@jest/globals';
import { Compose } from './compose.js';
import { FakeEngine } from './engine.fixture.js';
import { rollOut } from './rollout.js';

const options = (engine: FakeEngine) => ({
  compose: new Compose(engine.run),
  say: () => undefined,
  wait: () => Promise.resolve(),
});

describe('docker:rollout', () => {
  it('replaces every instance, and never has fewer that take calls', async () => {
    const engine = new FakeEngine(2);
    await rollOut('blog', 'beside', options(engine));
    expect(engine.ids.toSorted()).toEqual(['c3', 'c4']);
    expect(Math.min(...engine.taking)).toBe(2);
    expect(Math.max(...engine.taking)).toBe(3);
  });

  it('drains an instance before it ends it', async () => {
    const engine = new FakeEngine(1);
    await rollOut('blog', 'beside', options(engine));
    expect(engine.commands.slice(-3)).toEqual([
      'docker exec c1 node /trellis/admin.mjs POST /drain',
      'docker stop c1',
      'docker rm c1',
    ]);
  });

  it('takes a new instance away that does not become healthy, and leaves the old ones alone', async () => {
    const engine = new FakeEngine(2, false);
    await expect(rollOut('blog', 'beside', options(engine))).rejects.toThrow('the old ones go on');
    expect(engine.ids.toSorted()).toEqual(['c1', 'c2']);
    expect(Math.min(...engine.taking)).toBe(2);
  });

  it('replaces in place what may not be there twice', async () => {
    const engine = new FakeEngine(1);
    await rollOut('registry', 'in-place', options(engine));
    expect(engine.commands).toEqual(['docker compose up --detach --no-deps --force-recreate --wait registry']);
  });

  it('says so when nothing runs', async () => {
    await expect(rollOut('blog', 'beside', options(new FakeEngine(0)))).rejects.toThrow('npm run docker:up');
  });
});
