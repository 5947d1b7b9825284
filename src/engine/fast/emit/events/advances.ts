import { at } from '../../../../arrays/index.ts';
import type { Generator } from '../../../../hardware/index.ts';
import type { CoreImage } from '../../../../image/index.ts';
import {
  type FunctionBuilder,
  type FunctionHandle,
  i32,
  type Local,
  type ModuleBuilder,
  min,
  v128,
  vectorBits,
  vectorBytes,
  whileBelow,
} from '../../../../wasm/index.ts';
import type { DeclaredArea } from '../../plan/memory/declared-memory.ts';
import type { MemoryMap } from '../../plan/memory/memory-map.ts';
import { StoredI32 } from './stored-i32.ts';

/**
 * For each declared generator, a function (bits) that advances it and returns the place of its word: eight times the
 * address, plus the bit. Words stay in place while no more than this number of bits is advanced from there.
 */
export function writeAdvances(
  module: ModuleBuilder,
  image: CoreImage,
  map: MemoryMap,
): FunctionHandle<readonly ['i32']>[] {
  return image.generators.map((generator, index) => {
    const area = at(map.declared.generators, index);
    return module.function(`advance ${generator.name}`, { params: ['i32'], results: ['i32'] }, (f, ahead) =>
      writeAdvance(f, generator, area, ahead),
    );
  });
}

function writeAdvance(
  f: FunctionBuilder,
  generator: Generator,
  area: DeclaredArea,
  ahead: Local<'i32'>,
): void {
  const { bits, vectors } = area;
  const { bitsPerAdvance } = generator;
  const position = new StoredI32(area.position);
  const place = f.keep(position.value());
  const end = 8 * bits + vectors * vectorBits;
  f.if(i32.gt_u(place.plus(ahead), end), () => {
    const dropped = moveOn(f, generator, area, place);
    f.set(place, place.minus(dropped.shiftLeft(Math.log2(vectorBits))));
  });
  f.do(position.set(place.plus(bitsPerAdvance)));
  f.return(place);
}

/**
 * Makes more bits of a generator: drops the used vectors, except the one before the word and those that the recurrence
 * reaches back to, moves the rest to the front, and continues the sequence after them.
 *
 * @returns the number of dropped vectors
 */
function moveOn(
  f: FunctionBuilder,
  { near, far }: Generator,
  { bits, vectors }: DeclaredArea,
  place: Local<'i32'>,
): Local<'i32'> {
  const used = place.minus(8 * bits).shiftRight(Math.log2(vectorBits));
  const dropped = f.keep(min(used.minus(1), vectors - far));
  const bytes = f.keep(dropped.shiftLeft(Math.log2(vectorBytes)));
  const to = f.keep(i32.const(0));
  const kept = f.keep(i32.const(vectorBytes * vectors).minus(bytes));
  whileBelow(f, to, kept, vectorBytes, () => f.do(v128.store(to, v128.load(to.plus(bytes), bits), bits)));
  const before = (distance: number) => v128.load(to.minus(vectorBytes * distance), bits);
  whileBelow(f, to, vectorBytes * vectors, vectorBytes, () =>
    f.do(v128.store(to, v128.xor(before(near), before(far)), bits)),
  );
  return dropped;
}
