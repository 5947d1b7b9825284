import type { Path } from '../../text/index.ts';

/** Rows, columns and channels of a picture. */
type Picture = readonly [rows: number, columns: number, channels: number];

export interface LaidPopulation {
  readonly name: string;
  readonly size: number;
  /** Undefined for neurons that are no picture. */
  readonly shape: Picture | undefined;
  readonly role: 'input' | 'hidden' | 'output';
  /** The type of its neurons, as NIR names it; undefined where microcode alone says what they do. */
  readonly neurons?: string | undefined;
  /** The effect of a spike on a potential; undefined where there is none, or microcode states it. */
  readonly reset?: 'subtract' | 'value' | undefined;
  /** The shortest time constant of its neurons, in steps; undefined where they have none, or microcode says it. */
  readonly steps?: number | undefined;
  readonly path: Path;
}

/** A window that slides over a picture: its rows and columns. */
interface LaidWindow {
  readonly size: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
}

export interface LaidProjection {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly connection: 'dense' | 'convolution' | 'pooling' | 'sparse';
  /** That of a convolution or of a pooling, over the picture that is left after `pooled`. */
  readonly window: LaidWindow | undefined;
  /** Rows and columns of the squares in which spikes are summed before they meet weights; 1 and 1 for none. */
  readonly pooled: readonly [number, number];
  /** Weights, each counted once, however many synapses share it. */
  readonly weights: number;
  /** Nodes of weights in a row, without neurons between them; undefined where a program has joined them. */
  readonly weightNodes?: number | undefined;
  /** Steps of the longest delay. */
  readonly delay: number;
  readonly learns: boolean;
  /** By neuron of `from`, how many synapses it has. */
  readonly fanOut: ArrayLike<number>;
  /** By neuron of `to`, 1 if it has a synapse. */
  readonly reached: ArrayLike<number>;
  readonly path: Path;
}

/** A network as a chip's mapper sees it, to be held against the limits of an hw-model. */
export interface NetworkLayout {
  readonly populations: readonly LaidPopulation[];
  readonly projections: readonly LaidProjection[];
}

/** The needs of a layer, a population with the weights onto it, on the core that holds it alone. */
export interface LaidLayer {
  readonly population: LaidPopulation;
  /** Its sizes by name, for formulas. */
  readonly sizes: Readonly<Record<(typeof layerSizes)[number], number>>;
}

/** The sizes of a layer that formulas may name. */
export const layerSizes = [
  'inputChannels',
  'windowRows',
  'windowColumns',
  'channels',
  'rows',
  'columns',
] as const;

/** The layers of a network. Weights that are not shared are a window as large as the picture that they see. */
export function laidLayersOf({ populations, projections }: NetworkLayout): LaidLayer[] {
  const named = new Map(populations.map((population) => [population.name, population]));
  return populations.flatMap((population): LaidLayer[] => {
    if (population.role === 'input') return [];
    const into = projections.find(({ to, weights }) => to === population.name && weights > 0);
    const seen = into && pictureOf(named.get(into.from), into.pooled);
    const isWindow = into?.connection === 'convolution';
    const [rows, columns, channels] = isWindow ? pictureOf(population) : [1, 1, population.size];
    const [windowRows, windowColumns] = (isWindow ? into.window?.size : seen) ?? [1, 1];
    return [
      {
        population,
        sizes: { inputChannels: seen?.[2] ?? 1, windowRows, windowColumns, channels, rows, columns },
      },
    ];
  });
}

/** Neurons that are no picture are channels of a single place. */
export function pictureOf(
  population: LaidPopulation | undefined,
  pooled: readonly [number, number] = [1, 1],
): Picture {
  const [rows, columns, channels] = population?.shape ?? [1, 1, population?.size ?? 0];
  return [Math.floor(rows / pooled[0]), Math.floor(columns / pooled[1]), channels];
}
