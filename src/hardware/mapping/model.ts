import type { Source } from '../source.ts';
import type { QuantityName } from './quantities.ts';
import { isQuantity, type limitOwners, type MappingFile, type MappingTool } from './schema.ts';

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
