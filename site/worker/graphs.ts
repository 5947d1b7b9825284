/** A graph of NIR, as a design: its program, weights and experiment are edits. */
import { nearestPrecision, precisionOf } from '../../src/compiler/index.ts';
import { type Dataset, stratifiedPrefix } from '../../src/data/index.ts';
import { findHwModel } from '../../src/experiment/index.ts';
import {
  encodedData,
  filesOf,
  importFiles,
  importNir,
  networkOf,
  notesOf,
  rulesOf,
} from '../../src/import/index.ts';
import { conventions, type Framework, readNir } from '../../src/nir/index.ts';
import { type Find, isBareName, PlasticoreError, suggest } from '../../src/text/index.ts';
import { defaultDesign } from '../shared/design.ts';
import type { DroppedFile, GraphOptions, Reopened } from '../shared/protocol.ts';
import { arraysText } from './edits.ts';

const hwName = 'reference';
const usualPrecision = 'mp16-8';
const usualAccumulatorBits = 16;
/** The inputs of a graph that takes the digits, and so many of these that decide on its scales. */
const digitPixels = 784;
const calibrationSamples = 100;
/** The spikes of a picture are the same each time. */
const encoder = 'phase';

/**
 * Imports a graph as `plasticore import` does, for the reference core.
 *
 * @throws PlasticoreError `data`, with the node, for what a core cannot do
 */
export async function designOfGraph(
  file: DroppedFile,
  { from, steps }: GraphOptions,
  find: Find,
  digits: () => Promise<Dataset>,
): Promise<Reopened> {
  const graph = await readNir(file);
  const hw = findHwModel({ name: hwName, from: '' }, usualPrecision, find);
  const precision = nearestPrecision(hw, usualPrecision);
  const { rules, decisions } = rulesOf({ from: frameworkOf(from) }, graph);
  const { train } = await digits();
  const name = nameOf(file.name, find);
  const isOfDigits = networkOf(graph, rules).input.size === digitPixels;
  const imported = importNir(graph, {
    name,
    file: file.name,
    rules,
    widths: { weightBits: precisionOf(precision, hw).weightBits, accumulatorBits: usualAccumulatorBits },
    steps,
    calibration: isOfDigits
      ? (input) => encodedData(stratifiedPrefix(train, calibrationSamples, 0), encoder, steps, input)
      : undefined,
  });
  const data = isOfDigits ? ({ are: 'samples', path: undefined, encoder } as const) : undefined;
  const files = filesOf(imported, { source: file, data, hw: hwName, precision, decisions });
  const text = (path: string): string => String(files.get(path) ?? '');
  const weights = files.get(importFiles.weights);
  return {
    design: {
      ...defaultDesign,
      experiment: name,
      edits: {
        [`experiments/${name}.yaml`]: text(importFiles.experiment).replace(`./${importFiles.program}`, name),
        [`programs/${name}.yaml`]: text(importFiles.program),
        ...(weights instanceof Uint8Array && { [`programs/${importFiles.weights}`]: arraysText(weights) }),
      },
    },
    notes: [...notesOf(imported)],
    figures: [],
  };
}

function frameworkOf(from: string | undefined): Framework | undefined {
  if (from === undefined) return undefined;
  const names = Object.keys(conventions).filter((name): name is Framework => name in conventions);
  const found = names.find((name) => name === from);
  if (found !== undefined) return found;
  throw new PlasticoreError('usage', `unknown framework '${from}'`, { hint: suggest(from, names) });
}

/** A name that no bundled file has. */
function nameOf(file: string, find: Find): string {
  const name = file.replace(/\.nir$/i, '').replace(/[^A-Za-z0-9_-]/g, '_') || 'network';
  const isTaken = (['experiment', 'program'] as const).some((kind) => {
    try {
      find(kind, name, '');
      return true;
    } catch {
      return false;
    }
  });
  return isTaken || !isBareName(name) ? `${name}-imported` : name;
}
