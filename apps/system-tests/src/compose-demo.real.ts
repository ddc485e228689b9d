import { describe, expect, it } from '@jest/globals';
import { entryOf } from '@trellis/launch';
import { deployment } from './deployment.js';

describe('npm run demo against docker compose', () => {
  it('tells its story to the end: registration, login, post, event, trace', async () => {
    const { compose, url, jaegerUrl } = deployment;
    const told = await compose.run([process.execPath, entryOf('tools/demo'), '--url', url, '--jaeger', jaegerUrl]);
    console.log(told);
    expect(told).toMatch(/All 8 steps held\. 1 left out\./); // its instances are not processes of this machine's npm start
  });
});
