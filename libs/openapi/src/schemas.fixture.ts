import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { OpenApiDocument, Schema } from './document.js';

/** Says what is wrong with a JSON value by a schema of the document; undefined when nothing is. */
export type Check = (schema: Schema, value: unknown) => string | undefined;

/** `formats`: whether to insist on those that JSON Schema takes for remarks only. */
export function checker(document: OpenApiDocument, { formats = true } = {}): Check {
  const ajv = new Ajv2020({ strict: false, validateFormats: formats, allErrors: false });
  if (formats) addFormats.default(ajv);
  for (const name of ['int32', 'uint32', 'int64', 'uint64', 'float', 'double', 'password']) ajv.addFormat(name, true);
  ajv.addSchema({ $id: 'document', ...(document as object) });
  const compiled = new Map<Schema, ReturnType<Ajv2020['compile']>>();
  return (schema, value) => {
    let check = compiled.get(schema);
    if (!check) {
      const text = JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"document#/');
      check = ajv.compile(JSON.parse(text) as object);
      compiled.set(schema, check);
    }
    return check(value) ? undefined : JSON.stringify(check.errors);
  };
}
