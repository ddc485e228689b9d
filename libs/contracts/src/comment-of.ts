import type {
  DescEnum,
  DescEnumValue,
  DescField,
  DescFile,
  DescMessage,
  DescMethod,
  DescService,
} from '@bufbuild/protobuf';

/** What may have a comment. */
export type Commented = DescService | DescMethod | DescMessage | DescField | DescEnum | DescEnumValue;

/**
 * What its author wrote above it, as Markdown; empty when there is nothing, or when the contract came without comments.
 * Lines that only the editor's width broke are one line again, and what is meant for tools or for insiders is left out.
 */
export function commentOf(desc: Commented): string {
  const file =
    desc.kind === 'rpc' || desc.kind === 'field' || desc.kind === 'enum_value' ? desc.parent.file : desc.file;
  return commentsOf(file).get(pathOf(desc).join('.')) ?? '';
}

const cache = new WeakMap<DescFile, ReadonlyMap<string, string>>();

function commentsOf(file: DescFile): ReadonlyMap<string, string> {
  let comments = cache.get(file);
  if (!comments) {
    const locations = file.proto.sourceCodeInfo?.location ?? [];
    comments = new Map(
      locations.flatMap(({ path, leadingComments, trailingComments }) => {
        const text = tidy(leadingComments || trailingComments);
        return text === '' ? [] : [[path.join('.'), text]];
      }),
    );
    cache.set(file, comments);
  }
  return comments;
}

/** Numbers of the fields, and places in them, that lead from the file's descriptor to the thing (`SourceCodeInfo.Location.path`). */
function pathOf(desc: Commented): number[] {
  switch (desc.kind) {
    case 'service':
      return [6, desc.file.proto.service.indexOf(desc.proto)];
    case 'rpc':
      return [...pathOf(desc.parent), 2, desc.parent.proto.method.indexOf(desc.proto)];
    case 'message':
      return desc.parent
        ? [...pathOf(desc.parent), 3, desc.parent.proto.nestedType.indexOf(desc.proto)]
        : [4, desc.file.proto.messageType.indexOf(desc.proto)];
    case 'enum':
      return desc.parent
        ? [...pathOf(desc.parent), 4, desc.parent.proto.enumType.indexOf(desc.proto)]
        : [5, desc.file.proto.enumType.indexOf(desc.proto)];
    case 'field':
      return [...pathOf(desc.parent), 2, desc.parent.proto.field.indexOf(desc.proto)];
    case 'enum_value':
      return [...pathOf(desc.parent), 2, desc.parent.proto.value.indexOf(desc.proto)];
  }
}

/** Between `(--` and `--)` stands what is for insiders (https://google.aip.dev/192). */
function tidy(comment: string): string {
  const lines = comment
    .replaceAll(/\(--.*?--\)/gs, '')
    .split('\n')
    .map((line) => line.replace(/^ /, '').trimEnd())
    .filter((line) => !/^(buf:lint:|buf:breaking:|protolint:)/.test(line));
  return lines
    .join('\n')
    .replaceAll(/(?<=\S)\n(?=[^\s\-*+|>#`\d])/g, ' ')
    .trim();
}
