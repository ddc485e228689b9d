import { attribute, meter, metricName } from '@trellis/telemetry';

/** Counts the requests under way, for whoever scrapes. */
export class ActiveRequests {
  #count = 0;

  constructor() {
    const attributes = { [attribute.urlScheme]: 'http' };
    meter()
      .createObservableUpDownCounter(metricName.httpServerActive, { description: 'Requests under way' })
      .addCallback((result) => result.observe(this.#count, attributes));
  }

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
  }
}
