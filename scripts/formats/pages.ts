import { experimentJsonSchema } from '../../src/experiment/index.ts';
import { hwModelJsonSchema } from '../../src/hardware/index.ts';
import { programJsonSchema } from '../../src/program/index.ts';
import { type JsonSchema, keyTables } from './keys.ts';

/** A YAML format with its reference page. */
export interface Format {
  readonly name: string;
  /** From the root of the package. */
  readonly page: string;
  readonly schema: JsonSchema;
  readonly introduction: string;
}

/** The three formats that people write. */
export function formats(): Format[] {
  return [
    {
      name: 'program',
      page: 'docs/program-format.md',
      schema: whole(programJsonSchema()),
      introduction: programIntroduction,
    },
    {
      name: 'hw-model',
      page: 'docs/hw-model-format.md',
      schema: whole(hwModelJsonSchema()),
      introduction: hwModelIntroduction,
    },
    {
      name: 'experiment',
      page: 'docs/experiment-format.md',
      schema: experimentJsonSchema() as JsonSchema,
      introduction: experimentIntroduction,
    },
  ];
}

/** The reference page of a format, in Markdown. */
export function formatPage({ introduction, schema }: Format): string {
  return `<!-- Generated from the schema. Do not edit: run npx tsx scripts/generate.ts -->\n\n${introduction}\n\n${keyTables(schema)}\n`;
}

/** The schema of a complete file; one that extends another may omit any key. */
function whole({ else: complete }: ReturnType<typeof programJsonSchema>): JsonSchema {
  if (typeof complete !== 'object') throw new Error('the JSON Schema has no part for complete files');
  return complete as JsonSchema;
}

const editors = (
  name: string,
) => `An editor with a YAML language server completes and checks the file if its first line is

\`\`\`yaml
# yaml-language-server: $schema=node_modules/plasticore/schemas/${name}.schema.json
\`\`\``;

const programIntroduction = `# Programs

A program (\`programs/*.yaml\`) describes a network: its populations and projections, the microcode that runs on them, and
the events that run it. It says nothing about the core, so it runs on every core that it fits. This page lists every key.
[first-rule.md](first-rule.md) walks through one, [instruction-set.md](instruction-set.md) explains the microcode.

\`\`\`yaml
format: plasticore/program/1
name: two-layers
steps: 8                            # time steps of a sample
parameters:
  threshold: 2 ** (weightBits - 1)  # a formula: follows the precision
input: input
populations:
  input: {size: 784}
  output:
    size: 10
    fields: {v: {accumulator: 16}}
projections:
  inputToOutput: {from: input, to: output, initialWeights: {uniform: 100}}
microcode: {neuron: lif}            # a bundled rule: kernels integrate, fire and leak
events:
  sample:
    - clear: [output.v]             # each sample starts from rest
  tick:
    - {run: leak, over: output, with: {leak: 2}}
    - deliver: input                # each input spike runs its list under spike
  spike:
    input:
      - {run: integrate, over: inputToOutput, with: {align: 0}}
readout: output.v                   # the largest v is the answer
\`\`\`

## How a sample runs

1. The list \`events.sample\` runs once.
2. In each time step the host pushes the input spikes into the FIFO, and the list \`events.tick\` runs from top to bottom.
3. \`deliver\` empties the FIFO: each spike runs the list of its population under \`events.spike\`. Neurons that \`emit\` push
   their spikes into the same FIFO. \`deliver: hidden\` after \`run: fire\` therefore serves the spikes of this very step.
4. When the sample ends, and the steps without input that \`settle\` adds, the answer is the neuron with the largest item of \`readout\`.

A list may leave out actions. \`when: learning\` runs an action only while the core learns; \`from\`, \`every\` and \`last\` choose
the steps; \`stopUnlessAny\` ends the list early if a field is zero everywhere. What does not run costs nothing.

Recurrence takes \`previousSpike\`: in a recurrent projection a spike arrives one step after it was emitted.
\`- {deliver: hidden, spikes: previous}\` at the start of \`tick\` runs the list \`events.previousSpike.hidden\` for each neuron
that spiked in the step before.

## A network with another rule

A program may state only what differs from another one, whose network it shares:

\`\`\`yaml
format: plasticore/program/1
extends: mnist-snn                  # a bundled program by name, or a path from this file
name: random-feedback
projections:
  hiddenToOutput: {fields: {feedback: {bits: weightBits, initial: {uniform: 20}}}}
microcode: {feedback: rules/feedback-random.uc}
\`\`\`

Mappings are merged key by key, \`null\` removes an entry, and lists are replaced whole. Paths in either file start from it. Required
keys may be left out, but for \`format\` and \`name\`.

## Presenting samples twice

A rule that knows the error only when a sample has ended may keep something for each synapse until then, or look at the sample
again. With \`replay: output.signal\` each sample is presented a second time while the core learns, if any item of that field is
not zero when it has ended:

- Both presentations begin with the list \`sample\`, and \`host.step\` counts from 0 in both. Spikes that still wait are
  forgotten in between; everything else stays unless the list clears it.
- An action with \`pass: first\` is left out of the second presentation, one with \`pass: replay\` runs only there. The second
  one exists only while the core learns. The answer is read after it: clear and change the readout with \`pass: first\`.
- Steps, spikes, cycles and energy of both are counted; they are one sample.
- On one core only. Waveforms, timelines and golden traces show both presentations.

## Delays

A projection may have a \`delay\`: its synapses act so many steps later than their list would let them. With
\`delay: 3\`, an input spike of step t acts in step t + 3, and a spike that \`spikes: previous\` would deliver in step t + 1
acts in step t + 4. The delay is one for all synapses, 1 to 62, or one for each, 0 to 62.

- **What waits** is the visit to the row: kernels over rows of that projection run when the delay has ended, after the spikes of that step
  that have not waited, and see every field as it is then. All else in the list runs without delay.
- **Where spikes wait**: in a field of their population, \`hidden.delayed\`, a ring with a row for each step of the longest delay and a flag
  in it for each neuron. In each step the core writes a row of it and, for each delay that occurs, reads one: the report lists that as
  \`keep spikes of hidden\`. A neuron that spikes several times in a step waits once.
- **Delays of single synapses** are a field of theirs, \`recurrent.delay\`. A spike then visits its row once for each delay that occurs, and
  there only the synapses with that delay, so that a kernel over such a row needs a free register. In a convolution, all synapses of a
  weight share its delay.
- A step has to deliver such spikes exactly once: \`deliver\` stands in the tick list without a condition, before any
  \`stopUnlessAny\`. Spikes that still wait when a sample ends are forgotten.

### Delays that a rule changes

The delay above is fixed when the program is compiled, since a spike has to know which rows of the ring are due. A delay that a rule
changes is a field of the synapse like any other, and what waits is not the spike but what it adds: a field of the neuron
with \`positions\` has a place for each of the next steps.

\`\`\`yaml
populations:
  hidden: {size: 256, fields: {v: {accumulator: 16}, arriving: {bits: 14, positions: 64}}}
projections:
  inputToHidden:
    from: input
    to: hidden
    fields: {delay: {bits: 14, signed: false, initial: {uniform: [0, 16383]}}}
\`\`\`

In \`speech-delays\`, \`send\` runs over the row of each input spike: it takes the steps of a delay, which has binary places below
them so that small changes add up, and adds the weight at the position of step + delay, modulo 64. \`arrive\` takes what is at the
position of the step, and clears it.

- What is under way keeps the delay that it was sent with.
- A spike visits its row once, and each synapse takes two accesses of its own: a tile of 16 lanes takes 16 cycles where the bank has one
  port for each. Give such a field a bank of narrow words (\`bank\`), as \`speech-delays\` does on the hw-model \`delays\`.
- On one core only, and not in Verilog yet.

### Inputs that enter several times

The input may have \`delays\`, as a delay line with taps has: each of its spikes then enters once for each of them. Unlike a
delayed projection, each delay has neurons of its own, so that traces, and weights that learn, are those of the delayed
spike:

\`\`\`yaml
populations:
  input: {size: 50, delays: [0, 8, 16], payload: {bits: 4, signed: false}, fields: {trace: {bits: 8}}}
\`\`\`

- \`size\` is the number of inputs that the host supplies. The population has a neuron for each delay and input, 150 here:
  neuron 50 d + i receives in step t what input i has received in step t - \`delays[d]\`. Projections and fields see
  all of these neurons, and each spike runs the list \`spike.input\` with the neuron through which it enters.
- Spikes wait in the ring \`input.delayed\`, with a row of 50 items for each step of the longest delay. Its bits, its accesses
  and its cycles are counted as above, and an input that comes several times in a step waits once, with its last value.
- On one core only: a chip of many cores refuses them, as does the export to NIR.

## Graded spikes

The spikes of a population with a \`payload\` carry a value. \`emit r, value\` sends it, saturated to the payload's width, and
\`ld r, ev.value\` takes it in the kernels over the row or the neuron that the spike runs:

\`\`\`yaml
populations:
  hidden: {size: 256, payload: {bits: 8, signed: false}, fields: {v: {accumulator: 16}}}
\`\`\`

- The value is in the address of the spike, above the number of the neuron: both together have 24 bits, so that 256 neurons
  send up to 16 bits. It waits where the spike waits, in the FIFO, and for delays in \`hidden.delayed\`, which then has that many
  bits more for each neuron and step.
- \`spikes: previous\` and delays know each neuron once, with the value of its last spike in the step.
- A controller that is [data](chips.md#a-controller-as-data) or a [module](chips.md#a-controller-as-a-module) sees what spikes carry; bundled ones take neurons alone.
- The input may have a payload, too. With \`encoder: graded\` each feature above 0 is one spike, in the first step, that carries the feature's upper
  bits; with \`encoder: constant\` it is sent in every step, and values in time steps (\`arrays\`) are sent in theirs. With \`counts: true\` it carries
  how many spikes its bin has, with \`steps\` how often the input spikes in the step, and else 1.

## Fields, words and records

A field is an array in a memory bank, with one item for each neuron or synapse. A bank reads and writes whole words, so its layout
decides how many accesses a kernel costs. Fields that name the same \`record\` lie side by side, item by item, and one access
reads them together. Without \`record\`, each field has its own words. \`at\` fixes the bit at which a field starts, to match a
chip's layout.

\`overflow\` says what a store does with a value that does not fit the field: \`saturate\` stores the nearest value that fits,
\`saturate-symmetric\` does so in a range that is the same on both sides of zero, and \`wrap\` keeps the low bits.

With \`positions: n\`, each neuron keeps n numbers in the field: its history, or what will arrive. \`ld.at\`, \`st.at\` and
\`correlate\` ([instruction-set.md](instruction-set.md#fields-with-positions)) name them. They lie position by position, in rows as
long as the population, each beginning with a word.

A field can be a *gate*: \`kernel learn over synapses where pre.trace and post.signal\` visits only the rows whose trace and
the columns whose signal is not zero. Gates stand in the microcode; the hw-model's \`columnGate\` says what a closed column saves.

## Frozen weights, and inference alone

With \`frozen: true\` the weights of a projection never change, and nothing is kept for changing them:

- The rules that write its shadow weights are left out of the lists, and then every action under \`when: learning\` that only
  served them: traces, learning signals, feedback.
- The shadow weights and the fields that lose their last use take no memory, and leave the image.
- Its weights are those that it would have started with: cut from the shadow weights that \`initialWeights\` states.

Other projections go on learning. A rule that also writes something else, or emits spikes, cannot be left out; it is refused.

\`--inference\` of \`plasticore compile\`, \`run\` and \`inspect\` leaves out all actions under \`when: learning\` and every
field that nothing else uses. Answers stay those of the whole program, bit for bit.

## Sparse connections

\`connect: {sparse: {fanOut: 100}}\` leads each neuron to 100 others, drawn at random; \`probability\` draws each pair by itself,
and \`starts\` with \`targets\` list them, as \`indptr\` and \`indices\` of a SciPy matrix do. The weights stand one after the
other, row by row, in the order of the targets; an array of them has one number for each synapse.

A core has to know where they lead. Each target has an index in the bank of the weights: the field \`target\` in the memory
map, wide enough for the number of neurons that the core holds. With \`block: 8\`, eight neighbours share one. A block that
is cut between cores adds the field \`count\`, the neurons of each block. Where a row begins is in the axon's entry, which
is not counted, as for convolutions.

Each row fetches the words of its weights and of its index once, whatever the gate of columns; each block has tiles of its own, and
fetches post-synaptic neurons anew.

Rules learn such weights as any other. Kernels that run by columns, and kernels over a single synapse, need a dense projection.

## Formulas

Wherever a table says *formula*, a text such as \`max(weightBits, 8) + 8\` stands for a number. A formula may use

- numbers, \`+ - * / % **\`, comparisons (1 if true, 0 if not), \`a ? b : c\`, parentheses;
- the functions \`min\`, \`max\`, \`abs\`, \`floor\`, \`ceil\`, \`round\`, \`log2\`;
- every name under \`parameters\`;
- \`shadowBits\` and \`weightBits\`, the widths of the precision: 16 and 8 at \`mp16-8\`. On a float32 core they are those of
  the precision under \`like\` in its hw-model.

A parameter may follow a schedule over the epochs, \`{value: 8, add: {3: 1}}\`. Only operands of microcode (\`#NAME\`) may
depend on such a parameter; sizes, widths and steps may not. Quote a formula that contains a comma inside \`{...}\`.

## In an editor

${editors('program')}`;

const hwModelIntroduction = `# Hardware models

An hw-model (\`hw-models/*.yaml\`) describes a core: its lanes, its memory banks, and what each access and operation costs. \`plasticore hw show reference\` prints a model with the
source of every figure, and \`plasticore hw check FILE\` checks one of your own.

Most models change a few things of another one. \`extends\` takes over everything else:

\`\`\`yaml
format: plasticore/hw-model/1
extends: reference
name: wide
description: The reference core with twice its lanes
lanes: 32
clockMhz: 150
\`\`\`

Three words to know:

- \`placement\` names the bank for each purpose: inference weights (\`weight\`), shadow weights and other fields of
  synapses (\`shadow\`), fields of neurons (\`state\`). Two purposes may share a bank.
- \`columnGate\` says what a core saves when a gate closes a column (see [instruction-set.md](instruction-set.md)).
- \`sources\` lists where figures come from. Each figure names its source, and reports say what share of the energy rests on
  which kind of source. A figure that is \`auto\` is [estimated](estimators/README.md) for the shape that the model states, and
  follows its changes. If you change the shape of a
  bank and keep its stated figures, tables mark them.
  A model with 0 for every energy and power has energies that [nobody knows](sweeps.md#energies-that-nobody-knows).

\`chip\` describes a chip of many such cores: [many-cores.md](many-cores.md).

Energies are in pJ, powers in µW, areas in µm², times in ns, widths and capacities in bits; the key says so.

${editors('hw-model')}

With \`extends\`, \`null\` removes an entry, and required keys may be left out, but for \`format\`
and \`name\`.`;

const experimentIntroduction = `# Experiments

An experiment (\`experiments/*.yaml\`) says what to run: a program on a core, with data, precisions and seeds.
\`plasticore run\` runs its default cell, \`plasticore sweep\` all of them. This page lists every key.

\`\`\`yaml
format: plasticore/experiment/1
name: first
program: mnist-snn            # bundled by name, or ./net.yaml
hw: reference
precisions: [mp8-4, mp16-8, fp32]
seeds: [1, 2, 3]
epochs: 3
parameters: {signalScale: 6}  # of the program, at every precision
precisionParameters:
  mp8-4: {gain: 2}            # few bits take larger units
set:
  hw.lanes: 32                # anything else in program or hw-model
default: {precision: mp16-8, seed: 1}
\`\`\`

What has the last word: options of the command line, then \`set\`, then \`precisionParameters\`, then \`parameters\`, then the
program itself.

\`split.holdOut\` chooses the test set: \`holdOut: {speakers: [4, 5]}\` tests on speakers 4 and 5 and trains on all others.
\`validation\` is something else: with --validate, a part of the training set is scored instead of the test set, so that
parameters can be chosen without looking at the test set. With both, the training set is what \`split\` leaves of it: in
\`validation: {speakers: [0]}\`, speakers 4 and 5 are then never used.

${editors('experiment')}`;
