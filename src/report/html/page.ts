import { sha256 } from '@noble/hashes/sha2.js';
import type { Draw } from './figure.ts';
import type { RunFolder } from './input.ts';
import { html, Markup } from './markup.ts';
import { script } from './script.ts';
import type { MakeSection } from './section.ts';
import { accuracyAgainstEnergy, accuracyAgainstMemory } from './sections/accuracy.ts';
import { areaByUnit } from './sections/area.ts';
import { coresAndNetwork } from './sections/chip.ts';
import { confusionMatrices } from './sections/confusion.ts';
import { floatsAndIntegers } from './sections/drift.ts';
import { energyBreakdown } from './sections/energy.ts';
import { kernelBounds } from './sections/kernels.ts';
import { learningCurves } from './sections/learning.ts';
import { memoryByField } from './sections/memory.ts';
import { overview } from './sections/overview.ts';
import { origin } from './sections/provenance.ts';
import { spikeRasters } from './sections/rasters.ts';
import { runTable } from './sections/runs.ts';
import { weightPictures } from './sections/weights.ts';
import { makeStudy, type Study } from './study.ts';
import { style } from './style.ts';

/** In page order. Add a new section here. */
const sections: readonly MakeSection[] = [
  overview,
  accuracyAgainstMemory,
  accuracyAgainstEnergy,
  memoryByField,
  energyBreakdown,
  areaByUnit,
  coresAndNetwork,
  kernelBounds,
  floatsAndIntegers,
  learningCurves,
  confusionMatrices,
  spikeRasters,
  weightPictures,
  runTable,
  origin,
];

/** Makes the page of a set of runs, with charts drawn by `draw`. Equal reports give equal bytes. */
export function makePage(folders: readonly RunFolder[], summary: string | undefined, draw: Draw): string {
  const study = makeStudy(folders, summary);
  const parts = sections.flatMap((make) => make(study, draw) ?? []);
  // The browser enforces this: no requests, and no script but the page's own, whatever a report contains.
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    'img-src data:',
    `script-src 'sha256-${digest(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${study.title}: Plasticore report</title>
<link rel="icon" href="data:,">
<style>${new Markup(style)}</style>
</head>
<body>
<header>
<h1>${study.title}</h1>
<p>${subtitle(study)}</p>
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
<footer>Made by <code>plasticore report</code>. Buttons save each picture as SVG and each table as CSV.</footer>
<script>${new Markup(script)}</script>
</body>
</html>
`.text;
}

function digest(text: string): string {
  return btoa(String.fromCharCode(...sha256(new TextEncoder().encode(text))));
}

function subtitle({ designs, missing }: Study): string {
  const reports = designs.flatMap(({ runs }) => runs.map(({ report }) => report));
  const names = (of: (report: (typeof reports)[number]) => string) =>
    [...new Set(reports.map(of))].join(', ');
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
  return [
    `program ${names(({ provenance }) => provenance.program)}`,
    `hw-model ${names(({ provenance }) => provenance.hwModel)}`,
    `data ${names(({ provenance }) => provenance.data.name)}`,
    `${count(designs.length, 'design')}, ${count(reports.length, 'run')}`,
    ...(missing.length === 0 ? [] : [`${count(missing.length, 'cell')} without a result`]),
  ].join(' · ');
}
