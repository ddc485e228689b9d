import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { html } from './html.js';

describe('html', () => {
  it('escapes text and leaves markup of its own alone', () => {
    const bold = html`<b>${'<i> & "x"'}</b>`;
    expect(html`<p title="${`'"`}">${bold}${[bold]}${undefined}</p>`.text).toBe(
      '<p title="&#39;&quot;"><b>&lt;i&gt; &amp; &quot;x&quot;</b><b>&lt;i&gt; &amp; &quot;x&quot;</b></p>',
    );
  });

  it('lets no character through that could open a tag or close an attribute', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(html`${text}`.text).not.toMatch(/[<>"']/);
      }),
    );
  });
});
