import { command } from '../../text/index.ts';
import type { StudyReport } from '../schema-study.ts';
import { designsInLatex } from './design-latex.ts';
import { type DesignPoint, type DesignSpace, listed, mostListed, shortNames } from './designs.ts';
import { framed, type PagePart } from './frame.ts';
import { type RunFolder, readRun } from './input.ts';
import type { Draw, Markup } from './markup.ts';
import type { Page, PageSource } from './page-source.ts';
import { explorerScript, pageScript } from './scripts.ts';
import type { Section, Subject } from './section.ts';
import { architecture } from './sections/architecture.ts';
import { coresAndNetwork } from './sections/chip.ts';
import { confusionMatrices } from './sections/confusion.ts';
import { designParts } from './sections/design-parts.ts';
import { advice, designExplorer, fronts } from './sections/designs.ts';
import { floatsAndIntegers } from './sections/drift.ts';
import { energyBreakdown } from './sections/energy.ts';
import { explorationOverview } from './sections/exploration.ts';
import { kernelBounds } from './sections/kernels.ts';
import { learningCurves } from './sections/learning.ts';
import { lifetimes } from './sections/life.ts';
import { memoryByField } from './sections/memory.ts';
import { overview } from './sections/overview.ts';
import { origin } from './sections/provenance.ts';
import { predictedAgainstPublished } from './sections/published.ts';
import { spikeRasters } from './sections/rasters.ts';
import { runTable } from './sections/runs.ts';
import { designScaling } from './sections/scaling.ts';
import { weightPictures } from './sections/weights.ts';
import { standalone } from './standalone.ts';
import { type DesignRuns, makeStudy, type PageSubject } from './study.ts';
import { designSpaceOf, spaceOfRuns } from './study-space.ts';

/** Sections about runs, in page order. */
const aboutRuns: readonly Section[] = [
  memoryByField,
  energyBreakdown,
  designParts,
  coresAndNetwork,
  designScaling,
  architecture,
  predictedAgainstPublished,
  kernelBounds,
  floatsAndIntegers,
  learningCurves,
  lifetimes,
  confusionMatrices,
  spikeRasters,
  weightPictures,
  runTable,
  origin,
];
const aboutDesigns = [advice, designExplorer, fronts];

/** The sections of each page, in their order. Add a new one here. */
const sections: Readonly<Record<Subject['page'], readonly Section[]>> = {
  runs: [overview, advice, fronts, ...aboutRuns],
  'many designs': [overview, ...aboutDesigns, ...aboutRuns],
  search: [explorationOverview, ...aboutDesigns, designParts, designScaling, architecture, origin],
};

/** Makes the page of runs, or of a search, with charts drawn by `draw`. Equal reports give equal bytes. */
export function makePage(source: PageSource, draw: Draw): Page {
  const subject = subjectOf(source);
  const parts = sections[subject.page].flatMap((section): PagePart[] => {
    const body = section.of(subject);
    return body === undefined ? [] : [{ ...section, body }];
  });
  const { text, pictures } = pageMarkup(subject, parts).drawn(draw);
  return {
    text,
    pictures: pictures.map(({ id, svg, csv }) => ({ id, svg: () => standalone(svg), csv })),
    latex: (chosen) => designsInLatex(subject.space, inPaper(subject), chosen),
  };
}

/** The designs that a paper lists: of a search those of the front, else all that ran. */
function inPaper({ page, space }: Subject): readonly DesignPoint[] {
  if (page === 'search') return listed(space, Number.POSITIVE_INFINITY).points;
  return space.points.filter(({ status }) => status === 'done');
}

/** Fewer designs are seen at a glance. */
const fewDesigns = 12;

function subjectOf({ folders, study, published }: PageSource): Subject {
  const runs = folders.length;
  if (study === undefined || study.cells !== undefined)
    return subjectOfRuns({ ...makeStudy(folders, study), published }, runs);
  const space = designSpaceOf(study);
  const front = studyOfFront(study, space, folders);
  return { page: 'search', all: front, study: front, space, runs };
}

/** Runs as the subject of a page. Of many designs, the sections about runs show those of the front. */
export function subjectOfRuns(all: PageSubject, runs = 0): Subject {
  const space = spaceOfRuns(all);
  const page = all.designs.length > fewDesigns ? 'many designs' : 'runs';
  const study = all.designs.length > mostListed ? withListed(all, space, fewDesigns) : all;
  return { page, all, study, space, runs };
}

function withListed(study: PageSubject, space: DesignSpace, most: number): PageSubject {
  const names = new Set(listed(space, most).points.map(({ name }) => name));
  return { ...study, designs: study.designs.filter(({ label }) => names.has(label)) };
}

/** The designs of the front that are worth a look, with the runs that they share with others. */
function studyOfFront(
  { designs: all }: StudyReport,
  space: DesignSpace,
  folders: readonly RunFolder[],
): PageSubject {
  const { points } = listed(space);
  const names = shortNames(points, space);
  const runsByName = new Map(all.map(({ name, run }) => [name, run]));
  const designs = points.flatMap(({ name: design, choices }, at): DesignRuns[] => {
    const run = runsByName.get(design) ?? null;
    const runs = run === null ? [] : folders.filter(({ name }) => runOf(name) === run).map(readRun);
    return runs.length === 0 ? [] : [{ label: names[at] ?? '', choices, runs }];
  });
  return { title: space.experiment, axes: space.axes, designs, missing: [] };
}

/** The run in the name of a folder: `runs/010920f1ffecc0dc_seed=1`. */
function runOf(name: string): string {
  return (name.split('/').at(-1) ?? name).replace(/_seed=\d+$/, '');
}

function pageMarkup({ page, all, space }: Subject, parts: readonly PagePart[]): Markup {
  const { title } = all;
  const about = page === 'search' ? searchSubtitle(space) : subtitle(all);
  const code = parts.some(({ id }) => id === 'designs-explorer')
    ? `${pageScript}${explorerScript}`
    : pageScript;
  return framed({ title, about, parts, code, madeBy: command('report') });
}

function searchSubtitle({ axes, scoredOn }: DesignSpace): string {
  const names = axes.map(({ name }) => name).join(', ');
  return `a search for designs · ${names} · scored on ${scoredOn === 'test' ? 'the test set' : 'a validation split'}`;
}

function subtitle({ designs, missing }: PageSubject): string {
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
