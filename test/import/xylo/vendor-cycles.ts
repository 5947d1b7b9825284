import type { WholeXylo, XyloName } from './support.ts';

/** What the vendor's formula asks about a network. */
export interface Shares {
  /** Of inputs and of hidden neurons that are active in a step. */
  readonly input: number;
  readonly hidden: number;
}

/**
 * Cycles of a step by the formula of the chip's makers, written from docs/xylo.md: with mean fan-outs, and with the
 * means of aliases as they have them.
 */
export function vendorCycles(network: WholeXylo, chip: XyloName, { input, hidden }: Shares): number {
  const count = network.hidden.reduce((sum, { size }) => sum + size, 0);
  const outputs = network.outputs.size;
  const recurrent = network.weights.filter(({ from, to }) => from !== 'input' && to !== 'output');
  const fanOut =
    recurrent.reduce((sum, { values }) => sum + values.filter((value) => value !== 0).length, 0) / count;
  const ends = (isEnd: 'input' | 'output') => {
    if (chip === 'xylo-audio2') return count;
    const layers = network.weights.flatMap(({ from, to }) =>
      isEnd === 'input' ? (from === 'input' ? [to] : []) : to === 'output' ? [from] : [],
    );
    return network.hidden.reduce((sum, { size }, place) => sum + (layers.includes(place) ? size : 0), 0);
  };
  const alias = (network.aliases ?? []).reduce((sum, { pairs }) => sum + pairs.length, 0) / count;
  const spiking =
    2 * Math.max(hidden, alias * alias) +
    3 * Math.max(hidden * alias, alias * alias) +
    hidden +
    alias * Math.max(hidden, alias);
  return (
    network.inputs * (3.5 * input * ends('input') + 1) +
    count * (7 * fanOut * hidden + 3) +
    ends('output') * hidden * (1 + 8 * outputs) +
    count * (19 + spiking) +
    12 * outputs
  );
}
