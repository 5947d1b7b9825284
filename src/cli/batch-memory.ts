import type { BatchNetwork } from '../report/node.ts';
import { command, option, PlasticoreError } from '../text/index.ts';
import { isLayers, readLayers } from './layers.ts';

/** Options of `memory` that count a batch as the published table does. */
export interface BatchOptions {
  readonly hw?: string | undefined;
  readonly precision?: readonly string[] | undefined;
  readonly inference?: boolean | undefined;
  readonly network: string;
  readonly conv?: readonly string[] | undefined;
  readonly recurrent: boolean;
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
  const { network, conv = [], recurrent, batch, steps } = given;
  const fault = (found: string): PlasticoreError =>
    new PlasticoreError(
      'usage',
      `${option('basis', 'gomez-tang')} counts networks of three layers, found ${found}`,
      { hint: `for example \`${command('memory 784-100-10 --basis gomez-tang')}\`` },
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
