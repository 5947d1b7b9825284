import * as z from 'zod';
import { chipModelSchema, coreNumbers } from '../../hardware/index.ts';
import { flatIssues, strictObject } from '../../text/index.ts';
import { type CoreImage, coreImageSchema, type ProgramView, viewSchema } from '../image.ts';
import { type Image, spreadShape } from '../placed.ts';
import { countSchema } from '../schema-parts.ts';
import { spikeLoopOf } from '../spikes.ts';
import { imageOfAlikeCores, imageOfCore } from '../whole.ts';
import { checkEvents } from './events.ts';
import { damaged, expect, ImageFault, withinPart } from './fault.ts';
import { checkKernels } from './kernels.ts';
import { checkBankContents, checkMemory } from './memory.ts';
import { checkNetwork } from './network.ts';
import { checkSpread } from './spread.ts';
import { checkStalls } from './stalls.ts';

/**
 * Makes sure that the contents of a file are a valid image: its shape, and everything from which machines and engines
 * derive an index, a length, a range or a loop bound.
 *
 * @param file its name, for errors
 * @throws PlasticoreError `image`, with the path of the fault
 */
export function validateImage(value: unknown, file: string): Image {
  const { data: stored, error } = storedSchema.safeParse(value);
  if (stored === undefined) {
    const [issue] = flatIssues(error.issues);
    const { path = [], message = 'is not an image' } = issue ?? {};
    // The view of a single core is that of the whole image.
    throw damaged(new ImageFault(path[0] === 'core' ? path.slice(1) : path, message), file);
  }
  try {
    if (stored.holds !== 'parts') {
      checkCore(stored.core);
      if (stored.holds === 'core') return imageOfCore(stored.core);
      return alikeCores(stored);
    }
    const { view, holds: _, ...spread } = stored;
    const image = { ...view, ...spread };
    checkView(view);
    for (const [index, { image: core }] of image.cores.entries())
      withinPart(['cores', index, 'image'], () => checkCore(core));
    checkSpread(image);
    return image;
  } catch (error) {
    throw damaged(error, file);
  }
}

/** The cores of a chip that are all as one, but for their contents. */
function alikeCores({ core, chip, count, contents }: Extract<Stored, { readonly holds: 'alike' }>): Image {
  const { length: cores } = coreNumbers(chip.mesh);
  expect(count === cores, ['count'], () => `the chip has ${cores} cores, found ${count}`);
  const found = contents?.length;
  if (contents !== undefined)
    expect(found === cores, ['contents'], () => `expected one for each of ${cores} cores, found ${found}`);
  for (const [index, own] of (contents ?? []).entries())
    withinPart(['contents', index], () => checkBankContents({ ...core, contents: own }));
  return imageOfAlikeCores(core, chip, contents);
}

/** Checks a core's image with its contents. */
function checkCore(image: CoreImage): void {
  checkView(image);
  checkBankContents(image);
}

function checkView(image: ProgramView): void {
  checkMemory(image);
  checkNetwork(image);
  checkKernels(image);
  checkEvents(image);
  checkCosts(image);
  checkStalls(image, {});
  const loop = spikeLoopOf(image);
  if (loop?.isEndless === true)
    throw new ImageFault(['events', 'spike'], 'spikes make each other without end');
}

/** Checks that there is a cost for each piece of work and each bank, and that every source of a figure is known. */
function checkCosts({ costs, work, banks, core }: ProgramView): void {
  expect(
    costs.work.length === work.length,
    ['costs', 'work'],
    () => `expected ${work.length} pieces of work`,
  );
  expect(costs.banks.length === banks.length, ['costs', 'banks'], () => `expected ${banks.length} banks`);
  expect(
    costs.lanes === core.lanes,
    ['costs', 'lanes'],
    () => `expected ${core.lanes}, found ${costs.lanes}`,
  );
  for (const source of sourcesIn(costs)) {
    const isKnown = Object.hasOwn(costs.kinds, source) && Object.hasOwn(costs.intervals, source);
    expect(isKnown, ['costs'], () => `there is no source '${source}'`);
  }
}

function sourcesIn({
  work,
  banks,
  router,
  staticPower,
  clockPower,
  network,
  area,
}: ProgramView['costs']): string[] {
  const named = (figures: readonly { readonly source: string }[]) => figures.map(({ source }) => source);
  return [
    ...work.flatMap(({ perSlot, perTile = [], perRun, perPass, perScannedTile, stated }) => [
      ...named([...perSlot, ...perTile, ...perRun, ...perPass, ...perScannedTile]),
      ...(stated === undefined ? [] : [stated.source]),
    ]),
    ...[...banks, router].flatMap(({ sources }) => Object.values(sources)),
    ...named(banks.flatMap(({ wires }) => wires ?? [])),
    staticPower.source,
    ...(clockPower === undefined ? [] : [clockPower.source]),
    ...named(Object.values(network?.events ?? {})),
    ...Object.keys(area.bySource),
  ];
}

/** What a file holds: one core; the core that all those of a chip start as; or cores that hold parts of a program. */
const storedSchema = z.discriminatedUnion('holds', [
  strictObject({ holds: z.literal('core'), core: coreImageSchema }),
  strictObject({
    holds: z.literal('alike'),
    core: coreImageSchema,
    chip: chipModelSchema,
    count: countSchema,
    /** Of each core, if they do not start alike. */
    contents: z.array(coreImageSchema.shape.contents).optional(),
  }),
  strictObject({
    holds: z.literal('parts'),
    view: viewSchema,
    ...spreadShape,
    chip: chipModelSchema.optional(),
  }),
]);
type Stored = z.infer<typeof storedSchema>;
