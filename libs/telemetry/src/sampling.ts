import { type Attributes, type Context, type Link, type SpanKind, createContextKey } from '@opentelemetry/api';
import { type Sampler, SamplingDecision, type SamplingResult } from '@opentelemetry/sdk-trace';

const DECISION = createContextKey('trellis sampling decision');

/** The context in which spans are recorded, or not, whatever the sampler would say: somebody has decided already. */
export const decideSampling = (context: Context, recorded: boolean): Context => context.setValue(DECISION, recorded);

/** Heeds `decideSampling`, and asks another sampler where nobody has decided. */
export class DecidedSampler implements Sampler {
  readonly #otherwise: Sampler;

  constructor(otherwise: Sampler) {
    this.#otherwise = otherwise;
  }

  shouldSample(
    context: Context,
    traceId: string,
    name: string,
    kind: SpanKind,
    attributes: Attributes,
    links: Link[],
  ): SamplingResult {
    const decision = context.getValue(DECISION);
    if (decision === true) return { decision: SamplingDecision.RECORD_AND_SAMPLED };
    if (decision === false) return { decision: SamplingDecision.NOT_RECORD };
    return this.#otherwise.shouldSample(context, traceId, name, kind, attributes, links);
  }

  toString(): string {
    return `DecidedSampler{${this.#otherwise.toString()}}`;
  }
}
