import type { Attributes } from '@opentelemetry/api';
import { type Series, attribute, durationHistogram, knownHttpMethod, metricName } from '@trellis/telemetry';
import { z } from 'zod';
import type { Policy } from './policy.js';

const settings = z.strictObject({}).describe('Measures how long requests take, by route, method and status.');

/**
 * `http.server.request.duration` by OpenTelemetry's semantic conventions 1.45. A series is looked up once for each method
 * and status that a route has answered.
 */
export const metrics: Policy<z.output<typeof settings>> = {
  name: 'metrics',
  settings,
  prepare(_settings, { name }) {
    const durations = durationHistogram(metricName.httpServerDuration, 'Requests with their answers');
    const known = new Map<string, Map<number, Series>>();
    const seriesOf = (method: string, status: number): Series => {
      let ofMethod = known.get(method);
      if (!ofMethod) known.set(method, (ofMethod = new Map()));
      let series = ofMethod.get(status);
      if (!series) ofMethod.set(status, (series = durations.series(attributesOf(name, method, status))));
      return series;
    };
    return {
      end({ httpMethod, status, tookMs, span, traceId }) {
        seriesOf(httpMethod, status).record(tookMs / 1_000, span && traceId);
      },
    };
  },
};

function attributesOf(route: string, method: string, status: number): Attributes {
  return {
    [attribute.httpMethod]: knownHttpMethod(method),
    [attribute.httpStatus]: status,
    [attribute.urlScheme]: 'http',
    ...(route !== '' && { [attribute.httpRoute]: route }),
    ...(status >= 500 && { [attribute.errorType]: String(status) }),
  };
}
