import type { JsonObject, JsonValue } from '@bufbuild/protobuf';

/** The parts of OpenAPI 3.1 that contracts need. https://spec.openapis.org/oas/v3.1.1.html */
export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: Info;
  readonly servers: readonly Server[];
  readonly tags: readonly Tag[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Response>>;
    readonly headers: Readonly<Record<string, Header>>;
    readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
  };
}

export interface Info {
  readonly title: string;
  readonly version: string;
  /** Markdown. */
  readonly description?: string;
}

export interface Server {
  readonly url: string;
  readonly description?: string;
}

export interface Tag {
  readonly name: string;
  readonly description: string;
}

export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;
export type Method = (typeof METHODS)[number];

export type PathItem = { readonly [M in Method]?: Operation } & {
  /** Operations with methods that OpenAPI 3.1 has no place for. */
  readonly 'x-additional-operations'?: Readonly<Record<string, Operation>>;
};

export interface Operation {
  readonly tags: readonly string[];
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly deprecated?: true;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: RequestBody;
  readonly responses: Readonly<Record<string, Response | Reference>>;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  /** Scopes that the token must hold, all of them. */
  readonly 'x-required-scopes'?: readonly string[];
  /** Services that alone may call it. */
  readonly 'x-callers'?: readonly string[];
  /** Whether a call whose outcome is unknown may be sent again. */
  readonly 'x-repeatable': boolean;
  readonly 'x-limits'?: JsonObject;
  /** Routes with the same method and path for OpenAPI, which tells them apart no further. */
  readonly 'x-shadowed'?: readonly string[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: true;
  readonly deprecated?: true;
  readonly description?: string;
  readonly schema: Schema;
  readonly example?: JsonValue;
}

export interface RequestBody {
  readonly required: boolean;
  readonly description?: string;
  readonly content: Readonly<Record<string, MediaType>>;
}

export interface Response {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Reference>>;
  readonly content?: Readonly<Record<string, MediaType>>;
}

export interface MediaType {
  readonly schema: Schema;
  /** Of a stream of events: what the data of each is, as JSON. */
  readonly 'x-event-data'?: Schema;
  readonly example?: JsonValue;
}

export interface Header {
  readonly description: string;
  readonly schema: Schema;
  readonly example?: JsonValue;
}

export interface Reference {
  readonly $ref: string;
}

export type SecurityScheme = JsonObject & { readonly type: 'oauth2' | 'http'; readonly description: string };

/** JSON Schema of the draft 2020-12, as far as it is used here. */
export interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly format?: string;
  readonly contentEncoding?: 'base64';
  readonly const?: JsonValue;
  readonly enum?: readonly JsonValue[];
  readonly examples?: readonly JsonValue[];
  readonly default?: JsonValue;
  readonly deprecated?: true;
  readonly readOnly?: true;
  readonly writeOnly?: true;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: true;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: Schema;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly not?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}
