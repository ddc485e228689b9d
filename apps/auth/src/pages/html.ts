/** Markup that is safe to send: made by `html` only. */
export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

type Value = string | Html | readonly Html[] | undefined;

/** A template in which every value is escaped, for text and quoted attributes alike, unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(String.raw({ raw: strings }, ...values.map(toText)));
}

function toText(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return escape(value);
  return value instanceof Html ? value.text : value.join('');
}
