import type { Place } from '../text/index.ts';

/** The part that a field's owner plays in a kernel. */
export type Role = 'pre' | 'post' | 'syn' | 'self' | 'host' | 'ev';

/** The meaning of each role. */
export const roleMeanings: Readonly<Record<Role, string>> = {
  self: 'the neuron',
  pre: 'the pre-synaptic neuron of the row, shared by all its synapses',
  syn: 'the synapse',
  post: 'the post-synaptic neuron of the synapse, one for each column',
  host: 'the host, which writes scalars before a sample or a step',
  ev: 'the named event that runs the kernel, and the scalars that come with it',
};

/** A kind of item that kernels run over, and the roles that a kernel's text may name. */
export interface Domain {
  readonly name: string;
  readonly roles: readonly Role[];
  /** The role whose fields may gate rows (or columns), if the domain has them. */
  readonly rowGate?: Role;
  readonly columnGate?: Role;
  /** Whether its kernels are bound to a population or to a projection. */
  readonly binds: 'population' | 'projection';
  /** Whether its kernels need the event that triggered them. */
  readonly needsEvent: boolean;
  /** Whether it is the single item that the event names. */
  readonly single: boolean;
  /** The wider domains whose kernels a list may restrict to this one, with `only`. */
  readonly within: readonly string[];
  readonly meaning: string;
}

/** The table of domains. */
export const domains = [
  {
    name: 'neurons',
    roles: ['self', 'host', 'ev'],
    columnGate: 'self',
    binds: 'population',
    needsEvent: false,
    single: false,
    within: [],
    meaning: 'every neuron of a population',
  },
  {
    name: 'neuron',
    roles: ['self', 'host', 'ev'],
    binds: 'population',
    needsEvent: true,
    single: true,
    within: ['neurons'],
    meaning: 'the one neuron that the event names',
  },
  {
    name: 'row',
    roles: ['pre', 'syn', 'post', 'host', 'ev'],
    columnGate: 'post',
    binds: 'projection',
    needsEvent: true,
    single: false,
    within: ['synapses'],
    meaning: 'the synapses of the row of the neuron that the event names',
  },
  {
    name: 'synapse',
    roles: ['pre', 'syn', 'post', 'host', 'ev'],
    binds: 'projection',
    needsEvent: true,
    single: true,
    within: ['row', 'synapses'],
    meaning: 'the one synapse that a named event gives by its two neurons',
  },
  {
    name: 'synapses',
    roles: ['pre', 'syn', 'post', 'host', 'ev'],
    rowGate: 'pre',
    columnGate: 'post',
    binds: 'projection',
    needsEvent: false,
    single: false,
    within: [],
    meaning: 'the synapses of all rows, or of the rows where a gate holds',
  },
  {
    name: 'weights',
    roles: ['syn', 'host', 'ev'],
    binds: 'projection',
    needsEvent: false,
    single: false,
    within: [],
    meaning: 'every stored weight once, however many synapses share it',
  },
] as const satisfies readonly Domain[];

export type DomainName = (typeof domains)[number]['name'];

export function domainNamed(name: DomainName): Domain {
  const domain = domains.find((candidate) => candidate.name === name);
  if (domain === undefined) throw new Error(`no domain '${name}'`);
  return domain;
}

/** A field as a kernel names it: `pre.trace`. */
export interface FieldName {
  readonly role: Role;
  readonly field: string;
}

/** Every population's read-only field with an item's position. A counter gives it, without a bank access. */
export const indexField = 'index';

/** The scalars that the host writes before a sample or step: the label, and the step, counted from 0. */
export const hostScalars: readonly string[] = ['label', 'step'];

/** The scalars of every named event: `ev.neuron`, for a synapse the pre-synaptic neuron, and `ev.post`. */
export const eventScalars: readonly string[] = ['neuron', 'post'];

/** The role of the neuron that a kernel handles: the item itself, or the post-synaptic neuron of the item. */
export const neuronAlias = 'neuron';

/** The value that a spike carries, `ev.value`. */
export const valueField = 'value';

export type Operand =
  | { readonly is: 'register'; readonly register: number }
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'parameter'; readonly name: string }
  | { readonly is: 'generator'; readonly name: string }
  | ({ readonly is: 'field' } & FieldName);

/** One line of microcode: a mnemonic of the table of operations and its operands, in the table's order. */
export interface Instruction {
  readonly mnemonic: string;
  readonly operands: readonly Operand[];
  readonly place: Place;
}

/** An assembled kernel, not yet bound to a population or projection. */
export interface Kernel {
  readonly name: string;
  readonly domain: DomainName;
  readonly rowGate: FieldName | undefined;
  readonly columnGate: FieldName | undefined;
  readonly body: readonly Instruction[];
  readonly place: Place;
}

/** Most instructions of a kernel, with its routines: code is generated for each of them, and analysed as a whole. */
export const longestKernel = 4096;

export const registerCount = 16;
