import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { costBasis, offered, pricesOn } from '../compiler/index.ts';
import {
  type DeploymentRequest,
  deploy,
  findHwModel,
  loadCell,
  noSettings,
  parseSettings,
  resolveCell,
} from '../experiment/index.ts';
import { bundledNames, findFile, readBytes } from '../fs/index.ts';
import type { HwModel } from '../hardware/index.ts';
import type { Image } from '../image/index.ts';
import { attempt, isBareName, PlasticoreError, parseYaml } from '../text/index.ts';
import { readImageFile, readPlacementFile } from './files.ts';
import { openExperimentOf } from './open-experiment.ts';
import type { Terminal } from './terminal.ts';

/** The file to inspect; for programs and experiments, also how to compile it. */
export interface InspectLine {
  /** An image, an experiment or a program. */
  readonly file: string;
  readonly hw: string | undefined;
  readonly precision: string | undefined;
  readonly seed: number | undefined;
  readonly set: readonly string[] | undefined;
  readonly weights: string | undefined;
  readonly inference: boolean | undefined;
  /** A placement file. */
  readonly placement: string | undefined;
}

/** The image that a command line names, or that an experiment's default cell or a program compiles to. */
export async function inspectedImage(line: InspectLine, terminal: Terminal): Promise<Image> {
  return (await inspected(line, terminal)).image;
}

/** The same with the hw-model, which an image names but does not hold. */
export async function inspectedDeployment(
  line: InspectLine,
  terminal: Terminal,
): Promise<{ readonly image: Image; readonly hw: HwModel }> {
  const { image, hw } = await inspected(line, terminal);
  return { image, hw: hw ?? modelOf(image, undefined) };
}

/**
 * The hw-model of an image, which names it but does not hold it: units and ports are in the model alone.
 *
 * @param given its name, if it is not the one that the image has
 * @throws PlasticoreError `usage` if the image was compiled for another core than the model describes now
 */
export function modelOf(image: Image, given: string | undefined): HwModel {
  const name = given ?? image.core.hwModel;
  const hw = findHwModel({ name, from: '' }, '', findFile, noSettings.hw);
  // A file drops keys without a value.
  const [stated, derived] = [image.costs, pricesOn(costBasis(image), hw)].map((costs) =>
    JSON.parse(JSON.stringify(costs)),
  );
  if (isDeepStrictEqual(stated, derived)) return hw;
  throw new PlasticoreError(
    'usage',
    `the image was compiled for another core than hw-model '${name}' describes`,
    {
      hint: 'name its hw-model with --hw, or start from the experiment, with the same --set',
    },
  );
}

/** The hw-model is undefined for an image. */
async function inspected(
  line: InspectLine,
  terminal: Terminal,
): Promise<{ readonly image: Image; readonly hw: HwModel | undefined }> {
  const { file, hw, precision, seed, weights, inference } = line;
  const placement = readPlacementFile(line.placement);
  const settings = parseSettings(line.set ?? []);
  switch (kindOf(file)) {
    case 'experiment': {
      const { experiment } = await openExperimentOf({ ...line, experiment: file }, terminal);
      const choice = { hw, precision, seed, settings, weights, inference, placement };
      const loaded = loadCell(experiment, choice, findFile);
      return { image: resolveCell(experiment, choice, findFile, loaded).image, hw: loaded.hw };
    }
    case 'program': {
      const core = { name: hw ?? 'reference', from: '' };
      const request: DeploymentRequest = {
        program: { name: file, from: '' },
        hw: core,
        precision: precision ?? firstPrecision(core.name),
        seed: seed ?? 1,
        settings,
        weights,
        inference,
        placement,
      };
      return deploy(request, findFile);
    }
    case 'hw-model':
      throw new PlasticoreError(
        'usage',
        'this is an hw-model; an image, an experiment or a program is expected',
        {
          file,
          hint: `plasticore hw show ${file} prints it`,
        },
      );
    case 'image': {
      if (
        [hw, precision, seed, line.set, weights, inference, placement].some((given) => given !== undefined)
      ) {
        throw new PlasticoreError('usage', 'an image is already compiled', {
          file,
          hint: '--hw, --precision, --seed, --set, --weights, --inference and --placement are for experiments and programs',
        });
      }
      return { image: readImageFile(file), hw: undefined };
    }
  }
}

type Kind = 'image' | 'experiment' | 'program' | 'hw-model';

/** For a bundled name, an experiment before a program; for a file, the kind that it states. */
export function kindOf(file: string): Kind {
  if (isBareName(file)) {
    const named = (['experiment', 'program', 'hw-model'] as const).find((kind) =>
      bundledNames(kind).includes(file),
    );
    if (named !== undefined) return named;
    throw new PlasticoreError('usage', `there is no bundled experiment or program '${file}'`, {
      hint: 'plasticore list shows them; a file is named by a path, such as ./net.yaml',
    });
  }
  if (file.endsWith('.pcore')) return 'image';
  const bytes = readBytes(file);
  // An image is packed: its first byte begins a map, and is no text.
  if ((bytes[0] ?? 0) >= 0x80 && bytes[0] !== byteOrderMark) return 'image';
  const kind = statedFormat(new TextDecoder().decode(bytes));
  if (kind === 'experiment' || kind === 'program' || kind === 'hw-model') return kind;
  throw new PlasticoreError('usage', 'neither an image nor a file that states its format', {
    file,
    hint: 'an experiment or a program has a key such as format: plasticore/program/1',
  });
}

/** The first byte of a text in UTF-8 that begins with a mark. */
const byteOrderMark = 0xef;

/** The kind of file that a YAML text states among its own keys; a text that merely shows such a file states none. */
function statedFormat(text: string): string | undefined {
  // A mapping in braces, as JSON is: its keys stand anywhere.
  if (/^(?:\s|#.*\n|---)*\{/.test(text)) {
    const read = attempt(() => parseYaml(text, '', z.looseObject({ format: z.string() })).value.format);
    return typeof read === 'string' ? /^plasticore\/([\w-]+)\//.exec(read)?.[1] : undefined;
  }
  for (const line of text.slice(0, 2 ** 16).split(/\r?\n/)) {
    const stated = /^format:\s*['"]?plasticore\/([\w-]+)\//.exec(line)?.[1];
    if (stated !== undefined) return stated;
    // Above it stand other keys, what belongs to them, comments, and the start of the document.
    if (!/^([\w-]+:|\s|[-#%]|$)/.test(line)) return undefined;
  }
  return undefined;
}

/** The default precision for a program: the bundled programs' own choice, if the core offers it. */
export function firstPrecision(hw: string): string {
  const precisions = offered(findHwModel({ name: hw, from: '' }, '', findFile));
  return precisions.find((name) => name === 'mp16-8') ?? precisions[0] ?? 'fp32';
}
