import type { Generator } from '../../../../hardware/index.ts';
import type { Image } from '../../../../image/index.ts';
import {
  type FunctionBuilder,
  type FunctionHandle,
  type ModuleBuilder,
  vectorBits,
  vectorBytes,
  whileLess,
} from '../../builder/index.ts';
import type { DeclaredArea, MemoryMap } from '../../plan/memory/index.ts';

/** For each declared generator, a function that advances it and returns where the word under way was: eight times the address, plus the bit. */
export function writeAdvances(module: ModuleBuilder, image: Image, map: MemoryMap): FunctionHandle[] {
  return image.generators.map((generator, index) => {
    const area = map.declared.generators[index];
    if (area === undefined) throw new Error(`generator ${generator.name} has no place`);
    return module.function(`advance ${generator.name}`, { params: [], results: ['i32'] }, (f) =>
      writeAdvance(f, generator, area),
    );
  });
}

function writeAdvance(
  f: FunctionBuilder,
  { near, far, bitsPerAdvance }: Generator,
  area: DeclaredArea,
): void {
  const { bits, vectors, position } = area;
  const place = f.local('i32');
  f.i32.const(0);
  f.i32.load(position);
  f.set(place);
  f.get(place);
  f.i32.const(8 * bits + vectors * vectorBits - bitsPerAdvance);
  f.i32.gt_u();
  f.if(() => {
    // Drops what is used up, but for the vector before the place and what the recurrence reaches back to.
    const dropped = f.local('i32');
    const to = f.local('i32');
    const last = f.local('i32');
    f.get(place);
    f.i32.const(8 * bits);
    f.i32.sub();
    f.i32.const(Math.log2(vectorBits));
    f.i32.shr_u();
    f.i32.const(1);
    f.i32.sub();
    f.tee(dropped);
    f.i32.const(vectors - far);
    f.get(dropped);
    f.i32.const(vectors - far);
    f.i32.lt_s();
    f.select();
    f.set(dropped);
    f.i32.const(0);
    f.set(to);
    f.i32.const(vectorBytes * vectors);
    f.get(dropped);
    f.i32.const(Math.log2(vectorBytes));
    f.i32.shl();
    f.i32.sub();
    f.set(last);
    whileLess(f, to, last, vectorBytes, () => {
      f.get(to);
      f.get(to);
      f.get(dropped);
      f.i32.const(Math.log2(vectorBytes));
      f.i32.shl();
      f.i32.add();
      f.v128.load(bits);
      f.v128.store(bits);
    });
    whileLess(f, to, vectorBytes * vectors, vectorBytes, () => {
      f.get(to);
      for (const distance of [near, far]) {
        f.get(to);
        f.i32.const(vectorBytes * distance);
        f.i32.sub();
        f.v128.load(bits);
      }
      f.v128.xor();
      f.v128.store(bits);
    });
    f.get(place);
    f.get(dropped);
    f.i32.const(Math.log2(vectorBits));
    f.i32.shl();
    f.i32.sub();
    f.set(place);
  });
  f.i32.const(0);
  f.get(place);
  f.i32.const(bitsPerAdvance);
  f.i32.add();
  f.i32.store(position);
  f.get(place);
}
