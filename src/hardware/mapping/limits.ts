import * as z from 'zod';
import {
  choice,
  evaluate,
  expected,
  key,
  PlasticoreError,
  recordOf,
  strictObject,
  suggest,
} from '../../text/index.ts';
import type { Source } from '../source.ts';
import {
  nameKey,
  nameKeyError,
  nonEmptyText,
  positiveWhole,
  type ReportFault,
  sourceName,
} from '../values.ts';
import { layerSizes } from './layout.ts';
import { type NetworkQuantity, type QuantityName, quantities } from './quantities.ts';

/** Whose limit it is. */
export const limitOwners = ['silicon', 'mapper'] as const;

/** Tools that map networks to chips, as `import` does it after them. */
const mappingTool = z.literal('rockpool', { error: expected("'rockpool'") });
type MappingTool = z.infer<typeof mappingTool>;

const number = (what: string) => z.number({ error: expected(what) }).min(0, { error: expected(what) });

const limit = strictObject({
  most: key(number('a number, at least 0'), 'The largest value that is taken.', 1000).optional(),
  least: key(number('a number, at least 0'), 'The smallest value that is taken.', 2).optional(),
  above: key(
    number('a number, at least 0'),
    'A value that is too small, while all above it are taken.',
    1,
  ).optional(),
  oneOf: key(
    z
      .array(z.union([z.number(), z.string()], { error: expected('a number or a word') }), {
        error: expected('a list of numbers or words, such as [1, 2, 4]'),
      })
      .min(1, { error: expected('a list of numbers or words, such as [1, 2, 4]') }),
    'The values that are taken.',
    [1, 2, 4, 8],
  ).optional(),
  of: key(
    choice(limitOwners).default('silicon'),
    'The source of the limit. `silicon`: the chip can do no more. `mapper`: the tool of its makers refuses more, or does by default, and the chip might not.',
    'mapper',
  ),
  help: key(
    nonEmptyText('what would help'),
    'The hint, instead of the usual one.',
    'choose a smaller map',
  ).optional(),
  source: sourceName,
});
type LimitFile = z.infer<typeof limit>;

const entries: readonly (readonly [string, NetworkQuantity])[] = Object.entries(quantities);

const names = entries.map(([name]) => name);

/** By quantity. */
const limits = recordOf(
  z.string().refine((name) => names.includes(name)),
  limit,
  {
    error: (issue) =>
      issue.code === 'invalid_key'
        ? `no quantity of a network has this name; expected one of ${names.join(', ')}`
        : expected('a mapping')(issue),
  },
);

const quantityList = entries.map(([name, { meaning }]) => `\`${name}\`: ${meaning}`).join(' ');

const words = (what: string) => recordOf(nameKey, positiveWhole(what), { error: nameKeyError });

const formula = expected(`a formula over ${layerSizes.join(', ')}`);
const layerCores = strictObject({
  needs: key(
    recordOf(nameKey, z.union([z.number(), z.string()], { error: formula }), { error: nameKeyError }),
    `Words that a layer needs of each memory of its core, by the memory's name: formulas over \`${layerSizes.join('`, `')}\`. \`channels\`, \`rows\` and \`columns\` are those of its neurons. Weights that are not shared are a window as large as the picture that they see, and their neurons channels of a single place.`,
    { kernel: 'inputChannels * channels * windowRows * windowColumns', neuron: 'channels * rows * columns' },
  ),
  cores: key(
    z
      .array(
        strictObject({
          count: key(positiveWhole('a number of cores'), 'Cores of this kind.', 3),
          words: key(words('a number of words'), 'Words of each memory, by its name.', {
            kernel: 16384,
            neuron: 65536,
          }),
        }),
        { error: expected('a list of kinds of cores') },
      )
      .min(1, { error: expected('a list of kinds of cores') }),
    'The cores, kind by kind.',
    [{ count: 3, words: { kernel: 16384, neuron: 65536 } }],
  ),
  source: sourceName,
});

/** The part of an hw-model about what networks a chip, or the tool that maps networks to it, takes. */
export const mappingSection = strictObject({
  tool: key(
    mappingTool,
    'The tool whose way `import` takes to the chip. `rockpool`: weights and neurons are quantised as Rockpool does, and become the neurons of [Xylo](xylo.md). If absent, neurons become microcode.',
    'rockpool',
  ).optional(),
  visits: key(
    choice(['reached', 'all']).default('reached'),
    'The neurons that the chip goes through for a spike, in programs of `tool`. `reached`: those that weights lead to, as far as the chip keeps them. `all`: all hidden neurons for an input, and all outputs for a hidden neuron, whether weights are there or not; its hw-model prices the kernels `passedHidden` and `passedOutput`.',
    'all',
  ),
  limits: key(
    limits.prefault({}),
    `Limits, each of one quantity of a network. They are checked of every program, and of every graph that is imported, as far as either says what the quantity is. The quantities: ${quantityList}`,
    {
      inputs: { most: 16, source: 'datasheet' },
      recurrence: { oneOf: ['feed-forward'], source: 'datasheet' },
    },
  ),
  layerCores: key(
    layerCores,
    'For a chip on which a core holds one layer: a population with the weights onto it. A network fits if each of its layers has a core of its own with room for it.',
    {
      needs: { kernel: 'inputChannels * channels * windowRows * windowColumns' },
      cores: [{ count: 9, words: { kernel: 16384 } }],
      source: 'datasheet',
    },
  ).optional(),
});
type MappingFile = z.infer<typeof mappingSection>;

const bounds = ['most', 'least', 'above', 'oneOf'] as const;

/** The values of a quantity that are taken. */
export type Bound =
  | { readonly most: number }
  | { readonly least: number }
  | { readonly above: number }
  | { readonly oneOf: readonly (number | string)[] };

export interface Limit {
  readonly quantity: QuantityName;
  readonly bound: Bound;
  readonly of: (typeof limitOwners)[number];
  readonly help: string | undefined;
  readonly source: Source;
}

/** Cores that hold a layer each. */
export interface LayerCores {
  /** By memory, a formula for the words that a layer needs of it. */
  readonly needs: Readonly<Record<string, number | string>>;
  /** By core, the words of each memory. */
  readonly cores: readonly Readonly<Record<string, number>>[];
  readonly source: Source;
}

/** The limits of a chip on networks, or of the tool that maps networks to it. */
export interface MappingRules {
  /** The tool whose way `import` takes to the chip; undefined if its neurons are microcode. */
  readonly tool: MappingTool | undefined;
  /** The neurons that the chip goes through for a spike: those that its weights lead to, or all of the next layers. */
  readonly visits: MappingFile['visits'];
  readonly limits: readonly Limit[];
  readonly layerCores: LayerCores | undefined;
}

/** @param named the source of an entry, by its name */
export function readMapping(
  { tool, visits, limits, layerCores }: MappingFile,
  named: (source: string) => Source,
): MappingRules {
  return {
    tool,
    visits,
    limits: Object.entries(limits).flatMap(([quantity, limit]): Limit[] =>
      !isQuantity(quantity)
        ? []
        : [{ quantity, bound: boundOf(limit), of: limit.of, help: limit.help, source: named(limit.source) }],
    ),
    layerCores: layerCores && {
      needs: layerCores.needs,
      cores: layerCores.cores.flatMap(({ count, words }) => Array.from({ length: count }, () => words)),
      source: named(layerCores.source),
    },
  };
}

/** Checked limits have one bound. */
function boundOf({ most, least, above, oneOf }: MappingFile['limits'][string]): Bound {
  if (most !== undefined) return { most };
  if (least !== undefined) return { least };
  if (above !== undefined) return { above };
  if (oneOf !== undefined) return { oneOf };
  throw new Error('a limit without a bound');
}

/** The checks of `mapping:` that involve several keys. Each fault is reported at the value that causes it. */
export function checkMappingSection({ limits, layerCores }: MappingFile, report: ReportFault): void {
  for (const [name, limit] of Object.entries(limits)) {
    const path = ['mapping', 'limits', name];
    const given = bounds.filter((bound) => limit[bound] !== undefined);
    if (given.length !== 1)
      report(
        path,
        `expected one of ${bounds.join(', ')}, found ${given.length === 0 ? 'none' : given.join(' and ')}`,
      );
    else checkBound(name, limit, path, report);
  }
  if (layerCores === undefined) return;
  const path = ['mapping', 'layerCores'];
  const memories = Object.keys(layerCores.needs);
  for (const [name, formula] of Object.entries(layerCores.needs)) {
    try {
      evaluate(formula, (size) => (isLayerSize(size) ? 1 : undefined), layerSizes);
    } catch (error) {
      if (!(error instanceof PlasticoreError)) throw error;
      report(
        [...path, 'needs', name],
        error.hint === undefined ? error.message : `${error.message}; ${error.hint}`,
      );
    }
  }
  for (const [index, { words }] of layerCores.cores.entries()) {
    const at = [...path, 'cores', index, 'words'];
    const unknown = Object.keys(words).filter((name) => !memories.includes(name));
    for (const name of unknown) report([...at, name], `no layer needs '${name}'; ${suggest(name, memories)}`);
    const missing = memories.find((name) => words[name] === undefined);
    if (unknown.length === 0 && missing !== undefined)
      report(at, `missing: expected the words of '${missing}', found none`);
  }
}

function checkBound(name: string, limit: LimitFile, path: readonly string[], report: ReportFault): void {
  const words: readonly string[] | undefined = entries.find(([quantity]) => quantity === name)?.[1].words;
  if (words !== undefined && limit.oneOf === undefined) {
    report(path, `'${name}' is a word: expected oneOf, a list of ${words.join(', ')}`);
    return;
  }
  for (const [index, value] of (limit.oneOf ?? []).entries()) {
    const at = [...path, 'oneOf', index];
    if (words === undefined && typeof value === 'string')
      report(at, `'${name}' is a number, found '${value}'`);
    if (words !== undefined && !words.includes(String(value)))
      report(at, `'${name}' is never '${value}'; ${suggest(String(value), words)}`);
  }
}

function isLayerSize(name: string): boolean {
  return layerSizes.some((size) => size === name);
}

/** Whether a name is that of a quantity. */
function isQuantity(name: string): name is QuantityName {
  return Object.hasOwn(quantities, name);
}
