import { describe, expect, it } from '@jest/globals';
import { readTelemetryConfig } from './config.js';

describe('readTelemetryConfig', () => {
  it('has a default for everything and then exports nothing', () => {
    expect(readTelemetryConfig({})).toEqual({
      serviceName: 'unknown_service:node',
      serviceVersion: '0.1.0',
      instanceId: expect.stringMatching(/^unknown_service:node-[0-9a-f]{8}$/),
      tracesUrl: undefined,
      sampleRatio: 1,
    });
    expect(readTelemetryConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: '' }).tracesUrl).toBeUndefined();
  });

  it.each(['http://127.0.0.1:4318', 'http://127.0.0.1:4318/'])('appends the path of traces to %s', (endpoint) => {
    expect(readTelemetryConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }).tracesUrl).toBe(
      'http://127.0.0.1:4318/v1/traces',
    );
  });

  it.each(['0', '0.25', '.5', '1', '1.0'])('takes the share %s', (share) => {
    expect(readTelemetryConfig({ TRACE_SAMPLE_RATIO: share }).sampleRatio).toBe(Number(share));
  });

  it('takes an empty variable for one that is not set', () => {
    const empty = { OTEL_SERVICE_NAME: '', SERVICE_VERSION: '', INSTANCE_ID: '', TRACE_SAMPLE_RATIO: '' };
    expect(readTelemetryConfig(empty)).toMatchObject({ serviceVersion: '0.1.0', sampleRatio: 1 });
  });

  it('leaves it to the service to tell of bad variables', () => {
    const source = { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318', TRACE_SAMPLE_RATIO: '2' };
    expect(readTelemetryConfig(source)).toMatchObject({ tracesUrl: undefined, sampleRatio: 1 });
  });
});
