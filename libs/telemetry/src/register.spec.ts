import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const cwd = join(import.meta.dirname, '..');

/** Runs the compiled preload in a process of its own, as every service does. */
async function runWithPreload(
  script: string,
  env: Record<string, string> = {},
): Promise<{ stdout: string; stderr: string }> {
  const args = ['--import', '@trellis/telemetry/register', '--input-type=module', '--eval', script];
  return await promisify(execFile)(process.execPath, args, {
    cwd,
    env,
    timeout: 30_000,
  });
}

describe('the preload', () => {
  it('instruments pg in an ES module and lets nothing else notice', async () => {
    const { stdout, stderr } = await runWithPreload(`
      import pg from 'pg';
      import { inSpan, currentTraceId } from '@trellis/telemetry';
      const traceId = await inSpan('work', {}, async () => currentTraceId());
      console.log(JSON.stringify({ wrapped: pg.Client.prototype.query.__wrapped, traceId }));
    `);
    expect(JSON.parse(stdout)).toEqual({ wrapped: true, traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(stderr).toBe('');
  });

  it('measures the process: the delay of its event loop, its collections, its memory', async () => {
    const { stdout } = await runWithPreload(`
      import { PassThrough } from 'node:stream';
      import { metricsHandler } from '@trellis/telemetry';
      let text = '';
      for (let left = 100; left > 0 && !text.includes('delay_p99'); left--) {
        await new Promise((resolve) => setTimeout(resolve, 20)); // until there is a delay to tell of
        const response = Object.assign(new PassThrough(), { setHeader() {} });
        await metricsHandler({ headers: {} }, response);
        text = String(response.read());
      }
      console.log(text);
    `);
    const names = new Set(stdout.split('\n').map((line) => line.split(/[{ ]/, 1)[0]));
    expect([...names]).toEqual(
      expect.arrayContaining([
        'nodejs_eventloop_delay_p99',
        'nodejs_eventloop_utilization',
        'v8js_memory_heap_used',
        'process_cpu_time_total',
        'process_memory_usage',
      ]),
    );
  });

  it('stays silent and holds nobody up when there is no receiver', async () => {
    const { stdout, stderr } = await runWithPreload(
      `import { flushTelemetry, inSpan } from '@trellis/telemetry';
       await inSpan('work', {}, async () => undefined);
       await flushTelemetry();
       console.log('done');
       process.exit(0);`,
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
    );
    expect(stdout).toBe('done\n');
    expect(stderr).toBe('');
  });

  it('leaves a bad variable to the configuration of the process, which names it with all others', async () => {
    const script = `import { env } from 'node:process';
      import { telemetryEnv } from '@trellis/telemetry';
      console.log(telemetryEnv.TRACE_SAMPLE_RATIO.safeParse(env.TRACE_SAMPLE_RATIO).success)`;
    expect((await runWithPreload(script, { TRACE_SAMPLE_RATIO: 'all' })).stdout.trim()).toBe('false');
  });
});
