import { type DescEnum, type DescMessage, toBinary } from '@bufbuild/protobuf';
import { DescriptorProtoSchema, EnumDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { base64Encode } from '@bufbuild/protobuf/wire';
import type { Schema } from './document.js';
import { enumSchema } from './enum-schema.js';
import { messageSchema } from './message-schema.js';
import { isPlain } from './value/single-value.js';

type Named = DescMessage | DescEnum;

/** The schemas that others refer to, by the full names of their types. A type that holds itself refers to itself. */
export class Components {
  readonly schemas: Record<string, Schema>;
  readonly #names = new Map<Named, string>();
  /** The first type under each name: contracts of several services may each have their own of one name. */
  readonly #owners = new Map<string, Named>();

  /** `own`: schemas that are there whatever types there are. */
  constructor(own: Readonly<Record<string, Schema>>) {
    this.schemas = { ...own };
  }

  /** A reference to the type's schema, which is made when it is first asked for. */
  readonly refer = (desc: Named): Schema => ({ $ref: `#/components/schemas/${this.#nameOf(desc)}` });

  #nameOf(desc: Named): string {
    const known = this.#names.get(desc);
    if (known !== undefined) return known;
    for (let number = 1; ; number++) {
      const name = number === 1 ? desc.typeName : `${desc.typeName}-${number}`;
      const owner = this.#owners.get(name);
      if (owner ? !isSame(owner, desc) : Object.hasOwn(this.schemas, name)) continue;
      this.#names.set(desc, name);
      if (!owner) {
        this.#owners.set(name, desc);
        this.schemas[name] = {}; // keeps its place while what it refers to is made
        this.schemas[name] = desc.kind === 'enum' ? enumSchema(desc) : messageSchema(desc, this.refer);
      }
      return name;
    }
  }
}

/** Whether two types of one name, of different contracts, mean the same, with all that they are made of. */
function isSame(a: Named, b: Named): boolean {
  return fingerprint(a) === fingerprint(b);
}

function fingerprint(desc: Named): string {
  const seen = new Map<string, string>();
  const visit = (each: Named): void => {
    if (seen.has(each.typeName)) return;
    const bytes =
      each.kind === 'enum'
        ? toBinary(EnumDescriptorProtoSchema, each.proto)
        : toBinary(DescriptorProtoSchema, each.proto);
    seen.set(each.typeName, base64Encode(bytes));
    if (each.kind === 'enum') return;
    for (const { message, enum: names } of each.fields) {
      if (message && isPlain(message)) visit(message);
      if (names) visit(names);
    }
  };
  visit(desc);
  return [...seen].sort().join();
}
