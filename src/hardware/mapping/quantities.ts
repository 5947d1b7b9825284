import type { NetworkLayout } from './layout.ts';
import { pictureOf } from './layout.ts';
import {
  countNeurons,
  isHidden,
  isNoInput,
  isOutput,
  joined,
  largestFanOut,
  type MappedQuantity,
  ofNetwork,
  ofPopulations,
  ofProjections,
  ofWindows,
  recurrenceOf,
  sideOf,
  weights,
} from './measured.ts';

/** The quantities that limits may be stated of. */
export interface NetworkQuantity {
  readonly meaning: string;
  /** Whether it is an amount that a chip has so much of, not a property. */
  readonly isAmount?: true;
  /** The words that it can be, if it is no number. */
  readonly words?: readonly string[];
  /** What these words say something of: `neurons`. */
  readonly noun?: string;
  /** Of a subject with this value: `has 20 inputs`. */
  readonly says: (value: string) => string;
  /** The hint, if the limit has none of its own. */
  readonly help: string;
  measure(network: NetworkLayout): readonly MappedQuantity[];
}

const plural = (value: string, one: string, many = `${one}s`): string =>
  `has ${value} ${value === '1' ? one : many}`;
const smaller = 'make it smaller';
const fewerNeurons = 'take fewer neurons';

/** All that limits can be stated of: the only place. */
export const quantities = {
  inputs: {
    isAmount: true,
    meaning: 'Neurons of the input.',
    says: (value) => plural(value, 'input'),
    help: 'take fewer inputs',
    measure: (network) => countNeurons(network, ({ role }) => role === 'input'),
  },
  hiddenNeurons: {
    isAmount: true,
    meaning: 'Neurons that are neither input nor output.',
    says: (value) => plural(value, 'hidden neuron'),
    help: fewerNeurons,
    measure: (network) => countNeurons(network, isHidden),
  },
  outputs: {
    isAmount: true,
    meaning: 'Neurons of the population that answers.',
    says: (value) => plural(value, 'output'),
    help: 'take fewer classes',
    measure: (network) => countNeurons(network, isOutput),
  },
  neurons: {
    isAmount: true,
    meaning: 'Neurons in all, without the input.',
    says: (value) => plural(value, 'neuron'),
    help: fewerNeurons,
    measure: (network) => countNeurons(network, isNoInput),
  },
  layers: {
    meaning: 'Populations, without the input.',
    says: (value) => plural(value, 'layer of neurons', 'layers of neurons'),
    help: 'put a layer between input and output',
    measure: ({ populations }) => ofNetwork(populations.filter(isNoInput).length),
  },
  fanOut: {
    isAmount: true,
    meaning: 'Synapses of a neuron, through all projections that leave it; of each population but the input.',
    says: (value) => `has a neuron with ${value} synapses`,
    help: 'connect its neurons sparsely',
    measure: ofPopulations((population, network) =>
      isNoInput(population) ? largestFanOut(network, population) : undefined,
    ),
  },
  reachedByInputs: {
    isAmount: true,
    meaning: 'Hidden neurons that have a synapse of the input.',
    says: (value) => `has ${value} hidden neurons that inputs reach`,
    help: 'let the input reach fewer neurons, and these the others',
    measure: (network) => joined(network, (from, to) => from.role === 'input' && isHidden(to), 'to'),
  },
  reachingOutputs: {
    isAmount: true,
    meaning: 'Hidden neurons that have a synapse onto an output.',
    says: (value) => `has ${value} hidden neurons that reach outputs`,
    help: 'let fewer hidden neurons reach the outputs',
    measure: (network) => joined(network, (from, to) => isHidden(from) && isOutput(to), 'from'),
  },
  weights: {
    isAmount: true,
    meaning: 'Weights in all, each counted once, however many synapses share it.',
    says: (value) => plural(value, 'weight'),
    help: 'take fewer neurons, or connect them sparsely',
    measure: (network) => weights(network, () => true),
  },
  hiddenWeights: {
    isAmount: true,
    meaning: 'Weights between hidden neurons.',
    says: (value) => `has ${value} weights between hidden neurons`,
    help: 'take fewer hidden neurons, or connect them sparsely',
    measure: (network) => weights(network, (from, to) => isHidden(from) && isHidden(to)),
  },
  delay: {
    meaning: 'Steps of the longest delay of a projection.',
    says: (value) => `has a delay of ${value} ${value === '1' ? 'step' : 'steps'}`,
    help: 'shorten it',
    measure: ofProjections(({ delay }) => delay),
  },
  convolutionDelay: {
    meaning: 'Steps of the longest delay of a convolution.',
    says: (value) => `is a convolution with a delay of ${value} ${value === '1' ? 'step' : 'steps'}`,
    help: 'leave its delay out',
    measure: ofProjections(({ connection, delay }) => (connection === 'convolution' ? delay : undefined)),
  },
  connection: {
    meaning: 'How a projection is wired: `dense`, `convolution`, `pooling` or `sparse`.',
    words: ['dense', 'convolution', 'pooling', 'sparse'],
    noun: 'projections',
    says: (value) => `is ${value === 'dense' || value === 'sparse' ? value : `a ${value}`}`,
    help: 'wire it in another way',
    measure: ofProjections(({ connection }) => connection),
  },
  recurrence: {
    meaning:
      'Whether spikes of a projection can come back to the neurons that sent them, through it alone or through others: `feed-forward` or `recurrent`.',
    words: ['feed-forward', 'recurrent'],
    noun: 'projections',
    says: (value) => `is ${value}`,
    help: 'leave it out',
    measure: ofProjections(recurrenceOf),
  },
  outputRecurrence: {
    meaning: 'The same of projections that begin at the population that answers.',
    words: ['feed-forward', 'recurrent'],
    noun: 'projections',
    says: (value) => `begins at the outputs, and is ${value}`,
    help: 'leave it out',
    measure: ofProjections((projection, network) =>
      network.populations.some((from) => from.name === projection.from && isOutput(from))
        ? recurrenceOf(projection, network)
        : undefined,
    ),
  },
  plasticity: {
    meaning: 'Whether the weights of a projection change on the chip: `fixed` or `learnt`.',
    words: ['fixed', 'learnt'],
    noun: 'weights',
    says: (value) => (value === 'learnt' ? 'learns' : 'does not learn'),
    help: 'train it elsewhere, and deploy it for inference alone',
    measure: ofProjections(({ weights: count, learns }) =>
      count > 0 ? (learns ? 'learnt' : 'fixed') : undefined,
    ),
  },
  sources: {
    meaning: 'Projections with weights that lead to a population.',
    says: (value) => `has ${value} projections onto it`,
    help: 'join its sources in one population',
    measure: ofPopulations((to, { projections }) =>
      isNoInput(to)
        ? projections.filter((each) => each.to === to.name && each.weights > 0).length
        : undefined,
    ),
  },
  destinations: {
    meaning: 'Projections that leave a population.',
    says: (value) => `has ${value} projections from it`,
    help: 'let it lead to fewer populations',
    measure: ofPopulations((from, { projections }) =>
      isNoInput(from) ? projections.filter((each) => each.from === from.name).length : undefined,
    ),
  },
  inputSide: {
    meaning: 'The longer side of the input, if it is a picture.',
    says: (value) => `is a picture with a side of ${value}`,
    help: 'crop or pool the input',
    measure: ofPopulations((population) => (isNoInput(population) ? undefined : sideOf(population))),
  },
  side: {
    meaning: 'The longer side of every other picture.',
    says: (value) => `is a picture with a side of ${value}`,
    help: 'take a larger stride before it',
    measure: ofPopulations((population) => (isNoInput(population) ? sideOf(population) : undefined)),
  },
  channels: {
    meaning:
      'Channels of a population, the input apart; neurons that are no picture are channels of one place.',
    says: (value) => plural(value, 'channel'),
    help: 'take fewer channels',
    measure: ofPopulations((population) => (isNoInput(population) ? pictureOf(population)[2] : undefined)),
  },
  window: {
    meaning: 'Sides of the window of a convolution.',
    says: (value) => `has a window with a side of ${value}`,
    help: smaller,
    measure: ofWindows(({ size }) => size),
  },
  denseSide: {
    meaning: 'The longer side of a picture that weights see which are not shared, after pooling.',
    says: (value) => `is dense from a picture with a side of ${value}`,
    help: 'pool the picture, or convolve it, before it',
    measure: ofProjections(({ connection, from, pooled }, { populations }) => {
      const picture = populations.find(({ name }) => name === from);
      return connection === 'dense' && picture !== undefined ? sideOf(picture, pooled) : undefined;
    }),
  },
  windowShape: {
    meaning: 'Whether the window of a convolution is `square` or `oblong`.',
    words: ['square', 'oblong'],
    noun: 'windows',
    says: (value) => `has ${value === 'oblong' ? 'an' : 'a'} ${value} window`,
    help: 'pad the window with zeros to a square',
    measure: ofWindows(({ size: [rows, columns] }) => (rows === columns ? 'square' : 'oblong')),
  },
  stride: {
    meaning: 'Strides of a convolution.',
    says: (value) => `has a stride of ${value}`,
    help: 'choose one of these',
    measure: ofWindows(({ stride }) => stride),
  },
  padding: {
    meaning: 'Paddings of a convolution.',
    says: (value) => `has a padding of ${value}`,
    help: smaller,
    measure: ofWindows(({ padding }) => padding),
  },
  pooled: {
    meaning:
      'Sides of the squares in which spikes are summed before they meet weights; 1 where there is no pooling.',
    says: (value) => `pools over ${value}`,
    help: 'choose one of these',
    measure: ofProjections(({ pooled }) => pooled),
  },
  neuronType: {
    meaning:
      'The type of neurons as NIR names it, `IF`, `LIF`, `CubaLIF`, `Threshold` and so on. Known of imported networks, and of programs that state it.',
    words: ['IF', 'LIF', 'CubaLIF', 'I', 'LI', 'CubaLI', 'Threshold', 'Output'],
    noun: 'neurons',
    says: (value) => `has neurons of type ${value}`,
    help: 'train the network with such neurons',
    measure: ofPopulations((population) => (isNoInput(population) ? population.neurons : undefined)),
  },
  convolvedType: {
    meaning: 'The type of neurons that a convolution leads to. Known as `neuronType` is.',
    words: ['IF', 'LIF', 'CubaLIF', 'I', 'LI', 'CubaLI', 'Threshold', 'Output'],
    noun: 'neurons',
    says: (value) => `leads by a convolution to neurons of type ${value}`,
    help: 'take other neurons behind convolutions',
    measure: ofProjections(({ connection, to }, { populations }) =>
      connection === 'convolution' ? populations.find(({ name }) => name === to)?.neurons : undefined,
    ),
  },
  reset: {
    meaning:
      'What a spike does to a potential: `subtract` the threshold, or set it to a `value`. Known of imported graphs alone.',
    words: ['subtract', 'value'],
    noun: 'resets',
    says: (value) => `has neurons that reset ${value === 'subtract' ? 'by subtraction' : 'to a value'}`,
    help: 'train the network with neurons that reset in the other way',
    measure: ofPopulations(({ reset }) => reset),
  },
  weightNodes: {
    meaning:
      'Nodes of weights that follow each other without neurons between them. Known of imported graphs alone.',
    says: (value) => `has ${value} nodes of weights in a row`,
    help: 'multiply them into one',
    measure: ofProjections(({ weightNodes }) => weightNodes),
  },
  timeConstant: {
    meaning: 'Steps of the shortest time constant of a population. Known of imported graphs alone.',
    says: (value) => `has a time constant of ${value} ${value === '1' ? 'step' : 'steps'}`,
    help: 'take a shorter time step',
    measure: ofPopulations(({ steps }) => steps),
  },
} as const satisfies Readonly<Record<string, NetworkQuantity>>;

export type QuantityName = keyof typeof quantities;
