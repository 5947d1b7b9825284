import type { Payload } from '../image/index.ts';
import type { NumberKind } from '../isa/index.ts';
import { refuse } from '../program/index.ts';
import type { CompileTarget } from './target.ts';

/** Bits of a spike's address, of which the number of the neuron takes the lower ones. */
const addressBits = 24;

/**
 * The value that spikes of a population carry; undefined if none.
 *
 * @throws PlasticoreError where its bits find no room in an address, and where nothing could send it
 */
export function payloadOf({ program, hw, parameters }: CompileTarget, name: string): Payload | undefined {
  const { spec } = program;
  const { payload, size = 1 } = spec.populations[name] ?? {};
  if (payload === undefined) return undefined;
  const path = ['populations', name, 'payload'];
  // Bundled controllers take an address for a neuron.
  const isOfBundled = hw.controllerData === undefined && hw.controllerModule === undefined;
  if (Object.keys(spec.events.on).length > 0 && isOfBundled)
    refuse(
      program,
      path,
      `the controller of '${hw.name}' takes neurons alone: their spikes carry no value`,
      'a controller of your own, in an hw-model or a module, takes values, too',
    );
  // The host sends whole numbers, which loads turn into floats.
  if (hw.arithmetic === 'float32' && payload.kind === 'real' && name !== spec.input)
    refuse(program, [...path, 'kind'], 'spikes of a float32 core carry integers', 'kind: integer');
  const bits = parameters.whole(payload.bits, 1, 'bits', program.locate([...path, 'bits']));
  const shift = Math.ceil(Math.log2(size));
  const most = Math.min(addressBits - shift, hw.datapathBits - (payload.signed ? 0 : 1));
  if (bits > most)
    refuse(
      program,
      [...path, 'bits'],
      `bits: beside the ${shift} bits that number the neurons of '${name}', and on a datapath of ${hw.datapathBits}, a spike carries at most ${most}, found ${bits}`,
    );
  return { bits, signed: payload.signed, shift };
}

/** The kind of the value that spikes of a population carry. */
export function payloadKind(
  { program }: Pick<CompileTarget, 'program'>,
  name: string,
): NumberKind | undefined {
  return program.spec.populations[name]?.payload?.kind;
}
