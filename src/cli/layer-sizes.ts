import type { ConvolutionLayer, Layers } from '../program/index.ts';
import type { BatchNetwork } from '../report/node.ts';
import { command, option, PlasticoreError } from '../text/index.ts';

const mostNeurons = 2 ** 24;

/** Whether a text means sizes of layers, and no name or path: `784-400-100-10`, `28x28x1-10`. */
export function isLayers(text: string): boolean {
  return /^\d[^./]*$/.test(text);
}

/**
 * Reads the layers of a network.
 *
 * @throws PlasticoreError `usage` for sizes that are none
 */
export function readLayers(text: string, convolutions: readonly string[], isRecurrent: boolean): Layers {
  const [first = '', ...dense] = text.split('-');
  const input = first.split('x').map(Number);
  const fault = (message: string): PlasticoreError =>
    new PlasticoreError('usage', `'${text}': ${message}`, {
      hint: 'for example 784-400-100-10, or 28x28x1-10 with rows, columns and channels',
    });
  if (dense.length === 0) throw fault('one layer found, at least two expected');
  const wrong = [...first.split('x'), ...dense].find((size) => !isSize(Number(size)));
  if (wrong !== undefined) throw fault(`layers of 1 to ${mostNeurons} neurons expected, '${wrong}' found`);
  if (input.length === 2) throw fault('rows and columns found, and no channels');
  if (input.length > 3) throw fault(`${input.length} sizes of the input found, at most 3 expected`);
  const windows = convolutions.map(readConvolution);
  if (isRecurrent && dense.length < 2)
    throw new PlasticoreError('usage', `${option('recurrent')}: '${text}' has no hidden layer`);
  return { input, convolutions: windows, dense: dense.map(Number), isRecurrent };
}

function isSize(size: number): boolean {
  return Number.isInteger(size) && size >= 1 && size <= mostNeurons;
}

/** `16x5/2`: 16 channels, a window of 5 x 5, a stride of 2. */
function readConvolution(text: string): ConvolutionLayer {
  const [, channels, window, stride = '1'] = /^(\d+)x(\d+)(?:\/(\d+))?$/.exec(text) ?? [];
  const layer = { channels: Number(channels), window: Number(window), stride: Number(stride) };
  if (Object.values(layer).every(isSize)) return layer;
  throw new PlasticoreError(
    'usage',
    `${option('conv')}: expected channels, window and stride, found '${text}'`,
    { hint: 'for example 16x5/2: 16 channels, a window of 5 x 5 that moves by 2' },
  );
}

/** Options of `inspect --memory` that count a batch as the published table does. */
export interface BatchOptions {
  readonly hw?: string | undefined;
  readonly precision?: readonly string[] | undefined;
  readonly inference?: boolean | undefined;
  /** Sizes of layers. */
  readonly file: string;
  readonly conv?: readonly string[] | undefined;
  readonly recurrent?: boolean | undefined;
  readonly batch?: number | undefined;
  readonly steps?: number | undefined;
}

const usualBatch = 128;
const usualSteps = 20;

/**
 * The network whose batch is counted.
 *
 * @throws PlasticoreError `usage` unless it has an input, a hidden layer and an output
 */
export function batchNetwork(given: BatchOptions): BatchNetwork {
  const { file: network, conv = [], recurrent = false, batch, steps } = given;
  const fault = (found: string): PlasticoreError =>
    new PlasticoreError(
      'usage',
      `${option('basis', 'gomez-tang')} counts networks of three layers, found ${found}`,
      {
        hint: `for example \`${command('inspect 784-100-10', option('memory'), option('basis', 'gomez-tang'))}\``,
      },
    );
  for (const name of ['hw', 'precision', 'inference'] as const)
    if (given[name]) {
      throw new PlasticoreError(
        'usage',
        `${option(name)} counts on a core, ${option('basis', 'gomez-tang')} as a paper does: give one of them`,
      );
    }
  if (!isLayers(network)) throw fault(`'${network}'`);
  const layers = readLayers(network, conv, recurrent);
  const [hidden, outputs, ...further] = layers.dense;
  if (layers.convolutions.length > 0) throw fault('a convolution');
  if (hidden === undefined || outputs === undefined || further.length > 0) throw fault(`'${network}'`);
  return {
    inputs: layers.input.reduce((product, size) => product * size, 1),
    hidden,
    outputs,
    isRecurrent: recurrent,
    batch: batch ?? usualBatch,
    steps: steps ?? usualSteps,
  };
}
