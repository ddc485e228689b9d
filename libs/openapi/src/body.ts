import type { DescMessage, JsonValue } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence as Presence } from '@bufbuild/protobuf/wkt';
import { type Binding, isHttpBody } from '@trellis/transcoding';
import type { MediaType, RequestBody, Schema } from './document.js';
import { type ExampleUse, exampleOf, exampleOfField } from './example.js';
import { messageSchema, propertySchema, type Without } from './message-schema.js';
import { fieldValue } from './value/field-value.js';
import { type Refer, isPlain } from './value/single-value.js';

export const JSON_TYPE = 'application/json';

/** Bytes of any type. */
const RAW: Readonly<Record<string, MediaType>> = { '*/*': { schema: {} } };

/** What an operation takes as its body; undefined when it takes none, or when the path has given everything. */
export function requestBody(
  { method, httpMethod, body, pathParameters }: Binding,
  refer: Refer,
): RequestBody | undefined {
  if (!body) return undefined;
  const fromPath = pathParameters.map(({ fields }) => fields.map(({ jsonName }) => jsonName));
  const use: ExampleUse = httpMethod === 'PATCH' || httpMethod === 'PUT' ? 'change' : 'create';
  if (body.kind === 'whole') {
    if (isHttpBody(method.input)) return { required: false, content: RAW };
    return messageBody(method.input, new Set(fromPath.map((keys) => keys.join('.'))), use, refer, false);
  }
  const { field } = body;
  const { required } = fieldValue(field, refer);
  if (field.fieldKind === 'message' && isHttpBody(field.message)) return { required, content: RAW };
  if (field.fieldKind === 'message' && isPlain(field.message)) {
    const within = fromPath.filter(([first]) => first === field.jsonName).map((keys) => keys.slice(1).join('.'));
    return messageBody(field.message, new Set(within), use, refer, required);
  }
  return { required, content: { [JSON_TYPE]: json(propertySchema(field, refer), exampleOfField(field, use, refer)) } };
}

/** A message without what the path gives. */
function messageBody(
  message: DescMessage,
  without: Without,
  use: ExampleUse,
  refer: Refer,
  required: boolean,
): RequestBody | undefined {
  const schema = without.size > 0 ? messageSchema(message, refer, without) : undefined;
  if (schema && Object.keys(schema.properties ?? {}).length === 0) return undefined;
  const needed = message.fields.some((field) => !without.has(field.jsonName) && fieldValue(field, refer).required);
  return {
    required: required || needed,
    content: { [JSON_TYPE]: json(schema ?? refer(message), exampleOf(message, use, refer, without)) },
  };
}

/** What an operation answers when all is well. */
export function answerContent({ method, responseField }: Binding, refer: Refer): Readonly<Record<string, MediaType>> {
  const { output } = method;
  if (method.methodKind === 'server_streaming') {
    const description = `Server-sent events. The data of each is JSON of ${output.name}.`;
    return { 'text/event-stream': { schema: { type: 'string', description }, 'x-event-data': refer(output) } };
  }
  if (!responseField) {
    if (isHttpBody(output)) return RAW;
    return { [JSON_TYPE]: json(refer(output), exampleOf(output, 'answer', refer)) };
  }
  if (responseField.fieldKind === 'message' && isHttpBody(responseField.message)) return RAW;
  const { description: _, ...schema } = propertySchema(responseField, refer);
  const mayBeAbsent = responseField.presence !== Presence.IMPLICIT && !fieldValue(responseField, refer).required;
  const whole: Schema = mayBeAbsent ? { anyOf: [schema, { type: 'null' }] } : schema;
  return { [JSON_TYPE]: json(whole, exampleOfField(responseField, 'answer', refer)) };
}

const json = (schema: Schema, example: JsonValue | undefined): MediaType => ({
  schema,
  ...(example !== undefined && { example }),
});
