import { sha256 } from '@noble/hashes/sha2.js';
import { html, Markup } from './markup.ts';
import type { Section } from './section.ts';
import { style } from './style.ts';

/** A section of a page, written. */
export type PagePart = Omit<Section, 'of'> & { readonly body: Markup };

/** What a page consists of. */
export interface FramedPage {
  readonly title: string;
  readonly about: string;
  readonly parts: readonly PagePart[];
  readonly code: string;
  /** The command that made it. */
  readonly madeBy: string;
}

/** A page of sections, with a list of them. */
export function framed({ title, about, parts, code, madeBy }: FramedPage): Markup {
  // The browser enforces this: no requests, and no script but the page's own, whatever a report contains.
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    'img-src data:',
    `script-src 'sha256-${digest(code)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}: Plasticore report</title>
<link rel="icon" href="data:,">
<style>${new Markup(style)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${about}</p>
</header>
<nav aria-label="Sections"><ul>
${parts.map(
  ({ id, short }) => html`<li><a href="#${id}">${short}</a></li>
`,
)}</ul></nav>
<main>
${parts.map(
  ({ id, title, body }) => html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${body}</section>
`,
)}</main>
<footer>Made by <code>${madeBy}</code>. Buttons save each picture as SVG and each table as CSV.</footer>
<script>${new Markup(code)}</script>
</body>
</html>
`;
}

function digest(text: string): string {
  return btoa(String.fromCharCode(...sha256(new TextEncoder().encode(text))));
}
