import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { html } from './html.js';

describe('html', () => {
  it('leaves no foreign character that could end an element or an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (foreign) => {
        const { text } = html`<p title="${foreign}">${foreign}</p>`;
        const [, title, content] = /^<p title="([^"<>']*)">([^<>"']*)<\/p>$/s.exec(text) ?? [];
        expect(title).toBeDefined();
        expect(content).toBe(title);
      }),
    );
  });

  it('keeps templates within templates, joins lists and leaves out what is absent', () => {
    const items = ['<a>', 'b'].map((item) => html`<i>${item}</i>`);
    expect(html`${items}${undefined}${false}${0}`.text).toBe('<i>&lt;a&gt;</i><i>b</i>0');
  });
});
