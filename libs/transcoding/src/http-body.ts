import { type DescField, type DescMessage, type Message, ScalarType } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** What goes out as the body of an HTTP response. */
export interface HttpContent {
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

const CONTENT_TYPE = 1;
const DATA = 2;

/** A media type with parameters (RFC 9110, section 8.3.1), and nothing that a header could not hold. */
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+[ \t]*(?:;[\t\x20-\x7e]*)?$/;
/** What bytes are of which nobody says what they are (RFC 9110, section 8.3). */
const UNKNOWN = 'application/octet-stream';

/** Whether it is `google.api.HttpBody`, which is the HTTP body itself where a body is meant: its bytes and their type. */
export function isHttpBody(message: DescMessage | undefined): boolean {
  if (message?.typeName !== 'google.api.HttpBody') return false;
  const scalarOf = (number: number): ScalarType | undefined =>
    message.fields.find((field) => field.number === number && field.fieldKind === 'scalar')?.scalar;
  return scalarOf(CONTENT_TYPE) === ScalarType.STRING && scalarOf(DATA) === ScalarType.BYTES;
}

/** The binary HttpBody, as the value of `field` when there is one. Nothing given is no bytes. */
export function writeHttpBody(
  contentType: string | undefined,
  data: Uint8Array | undefined,
  field?: DescField,
): Uint8Array {
  const writer = new BinaryWriter();
  if (contentType === undefined && data === undefined) return writer.finish();
  if (field) writer.tag(field.number, WireType.LengthDelimited).fork();
  if (contentType !== undefined) writer.tag(CONTENT_TYPE, WireType.LengthDelimited).string(contentType);
  if (data !== undefined) writer.tag(DATA, WireType.LengthDelimited).bytes(data);
  if (field) writer.join();
  return writer.finish();
}

/** What an HttpBody says to send. Throws when its content type is none. */
export function readHttpBody(desc: DescMessage, message: Message): HttpContent {
  const body = reflect(desc, message);
  const [contentType, data] = [CONTENT_TYPE, DATA].map((number) =>
    body.get(body.fields.find((field) => field.number === number) as DescField & { fieldKind: 'scalar' }),
  ) as [string, Uint8Array];
  if (contentType !== '' && !MEDIA_TYPE.test(contentType))
    throw new Error('an HttpBody has a content type that is none');
  return { contentType: contentType || UNKNOWN, body: data };
}
