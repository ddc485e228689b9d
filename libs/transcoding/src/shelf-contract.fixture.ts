import {
  type DescMessage,
  type MessageInitShape,
  type Registry,
  create,
  createFileRegistry,
  fromBinary,
  setExtension,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { protoCamelCase } from '@bufbuild/protobuf/reflect';
import {
  type FieldDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  MethodOptionsSchema,
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
} from '@bufbuild/protobuf/wkt';
import { type HttpRuleSchema, http } from '@trellis/contracts/google/api';
import { type Route, routesOf } from './route.js';
import { createRouter } from './router.js';

type Field = MessageInitShape<typeof FieldDescriptorProtoSchema>;
export type ShelfRule = MessageInitShape<typeof HttpRuleSchema>;

const WELL_KNOWN = [
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
];

/** As protoc writes it: with a label and a JSON name, always. */
const scalar = (name: string, number: number, type: Type, more: Field = {}): Field => ({
  name,
  number,
  type,
  label: Label.OPTIONAL,
  jsonName: protoCamelCase(name),
  ...more,
});
const message = (name: string, number: number, typeName: string, more: Field = {}): Field =>
  scalar(name, number, Type.MESSAGE, { typeName, ...more });
const repeated = { label: Label.REPEATED };

/** A message with one field of every kind; `Book` stands inside `Shelf`, and inside itself. */
const BOOK: Field[] = [
  scalar('name', 1, Type.STRING),
  scalar('page_count', 2, Type.INT32),
  scalar('sold', 3, Type.INT64),
  scalar('rating', 4, Type.DOUBLE),
  scalar('in_print', 5, Type.BOOL),
  scalar('cover', 6, Type.BYTES),
  scalar('genre', 7, Type.ENUM, { typeName: '.test.Genre' }),
  scalar('tags', 8, Type.STRING, repeated),
  scalar('genres', 9, Type.ENUM, { typeName: '.test.Genre', ...repeated }),
  message('published', 10, '.google.protobuf.Timestamp'),
  message('loan', 11, '.google.protobuf.Duration'),
  message('read_mask', 12, '.google.protobuf.FieldMask'),
  message('subtitle', 13, '.google.protobuf.StringValue'),
  message('signed', 14, '.google.protobuf.BoolValue'),
  message('extra', 15, '.google.protobuf.Struct'),
  message('sequel', 16, '.test.Book'),
  message('related', 17, '.test.Book', repeated),
  message('translations', 18, '.test.Book.TranslationsEntry', repeated),
  scalar('copies', 19, Type.STRING, { oneofIndex: 0 }),
  scalar('copy_count', 20, Type.UINT32, { oneofIndex: 0 }),
  message('shelf_mark', 21, '.google.protobuf.Any'),
  scalar('isbn', 22, Type.STRING, { jsonName: 'ISBN' }),
];

const TRANSLATIONS_ENTRY = {
  name: 'TranslationsEntry',
  field: [scalar('key', 1, Type.STRING), message('value', 2, '.test.Book')],
  options: { mapEntry: true },
};

/** `google/api/httpbody.proto`, which nothing that we depend on holds. */
const HTTP_BODY_FILE = create(FileDescriptorProtoSchema, {
  name: 'google/api/httpbody.proto',
  package: 'google.api',
  syntax: 'proto3',
  dependency: ['google/protobuf/any.proto'],
  messageType: [
    {
      name: 'HttpBody',
      field: [
        scalar('content_type', 1, Type.STRING),
        scalar('data', 2, Type.BYTES),
        message('extensions', 3, '.google.protobuf.Any', repeated),
      ],
    },
  ],
});

/** A method that takes a file, and answers with one. */
const KEEP: ShelfRule = { pattern: { case: 'post', value: '/v1/files' }, body: '*' };

function ruled(rule: ShelfRule) {
  const options = create(MethodOptionsSchema);
  setExtension(options, http, rule as never);
  return options;
}

/** A service whose methods each take `Request { book, shelf, update_mask }` and answer the same, one for each rule. */
export function shelfService(...rules: readonly ShelfRule[]): {
  registry: Registry;
  routes: Route[];
  /** Of a method whose request and answer are each a `google.api.HttpBody`. */
  files: Route[];
  request: DescMessage;
} {
  const file = create(FileDescriptorProtoSchema, {
    name: 'test/shelf.proto',
    package: 'test',
    syntax: 'proto3',
    dependency: [...WELL_KNOWN.map(({ proto }) => proto.name), HTTP_BODY_FILE.name],
    enumType: [
      {
        name: 'Genre',
        value: [
          { name: 'GENRE_UNSPECIFIED', number: 0 },
          { name: 'CRIME', number: 1 },
          { name: 'POETRY', number: 2 },
        ],
      },
    ],
    messageType: [
      { name: 'Book', field: BOOK, nestedType: [TRANSLATIONS_ENTRY], oneofDecl: [{ name: 'stock' }] },
      {
        name: 'Request',
        field: [
          message('book', 1, '.test.Book'),
          scalar('shelf', 2, Type.STRING),
          message('update_mask', 3, '.google.protobuf.FieldMask'),
          scalar('names', 4, Type.STRING, repeated),
          message('scan', 5, '.google.api.HttpBody'),
        ],
      },
    ],
    service: [
      {
        name: 'Shelves',
        method: rules.map((rule, index) => ({
          name: `Method${index}`,
          inputType: '.test.Request',
          outputType: '.test.Request',
          options: ruled(rule),
        })),
      },
      {
        name: 'Files',
        method: [
          {
            name: 'Keep',
            inputType: '.google.api.HttpBody',
            outputType: '.google.api.HttpBody',
            options: ruled(KEEP),
          },
        ],
      },
    ],
  });
  const bytes = toBinary(
    FileDescriptorSetSchema,
    create(FileDescriptorSetSchema, { file: [...WELL_KNOWN.map(({ proto }) => proto), HTTP_BODY_FILE, file] }),
  );
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes));
  const service = registry.getService('test.Shelves');
  const keeper = registry.getService('test.Files');
  const request = registry.getMessage('test.Request');
  if (!service || !keeper || !request) throw new Error('the contract is not complete');
  return { registry, request, routes: routesOf(service, registry), files: routesOf(keeper, registry) };
}

/** Sends HTTP requests through the routes of such a service; answers with the request message as JSON. */
export function shelf(...rules: readonly ShelfRule[]) {
  const { routes, request } = shelfService(...rules);
  const router = createRouter(routes);
  return (target: string, body?: unknown): unknown => {
    const [httpMethod = '', url = ''] = target.split(' ');
    const [path = '', query = ''] = url.split('?');
    const match = router.match(httpMethod, path);
    if (match.kind !== 'found') throw new Error(match.kind);
    const bytes = body === undefined ? undefined : new TextEncoder().encode(JSON.stringify(body));
    const message = match.route.decode({ captures: match.captures, query, body: bytes });
    return toJson(request, fromBinary(request, message));
  };
}
