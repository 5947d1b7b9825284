import type { Generator } from '../../../../hardware/index.ts';
import { domainNamed } from '../../../../isa/index.ts';
import { type Local, vectorBytes } from '../../builder/index.ts';
import type { KernelFrame } from './kernel-frame.ts';

/** Code of draws from declared generators. */
export class DeclaredCode {
  readonly #frame: KernelFrame;
  /** By line: where the words of the group of lanes under way are, eight times the address plus the bit. */
  readonly #places = new Map<number, Local>();

  constructor(frame: KernelFrame) {
    this.#frame = frame;
  }

  /** @param putHolds puts whether the predicate of the item at hand holds; undefined for none */
  draw(line: number, index: number, putHolds: (() => void) | undefined): Local {
    const generator = this.#frame.context.image.generators[index];
    if (generator === undefined) throw new Error(`no generator ${index}`);
    const place = this.#places.get(line) ?? this.#frame.f.local('i32');
    this.#places.set(line, place);
    const isScalar = this.#frame.mode.mode === 'scalar';
    this.#whereGroupStarts(generator, () => this.#advance(index, place, putHolds));
    return isScalar ? this.#word(generator, place) : this.#words(place);
  }

  /** A group of lanes starts at its first item: a kernel over one item has no other. */
  #whereGroupStarts({ lanes }: Generator, body: () => void): void {
    const { f, mode, kernel } = this.#frame;
    if (mode.mode !== 'scalar') {
      if (this.#vectorOfTile() === 0) body();
      return;
    }
    if (lanes === 1 || domainNamed(kernel.domain).single) {
      body();
      return;
    }
    const { column, first } = this.#frame.here();
    f.get(column);
    f.i32.const(lanes);
    f.i32.rem_u();
    f.i32.eqz();
    if (first !== undefined) {
      // A segment may start within a group.
      f.get(column);
      f.get(first);
      f.i32.eq();
      f.i32.or();
    }
    f.if(body);
  }

  /** Which vector of its tile is under way: a block may have several tiles. */
  #vectorOfTile(): number {
    const { unroll, vector, context } = this.#frame;
    return unroll % (context.image.core.lanes / vector);
  }

  #advance(index: number, place: Local, putHolds: (() => void) | undefined): void {
    const { f, context } = this.#frame;
    const advance = context.advances[index];
    if (advance === undefined) throw new Error(`no generator ${index}`);
    const call = (): void => {
      f.call(advance);
      f.set(place);
    };
    if (putHolds === undefined) {
      call();
      return;
    }
    putHolds();
    f.if(call, () => {
      f.i32.const(8 * context.map.declared.zeros);
      f.set(place);
    });
  }

  /** A lane's word, wherever its bits start. */
  #word({ lanes, words, wordBits }: Generator, place: Local): Local {
    const { f } = this.#frame;
    const first = f.local('i32');
    const word = f.local('i32');
    f.get(place);
    if (words > 1) {
      f.get(this.#frame.here().column);
      f.i32.const(lanes);
      f.i32.rem_u();
      f.i32.const(words);
      f.i32.rem_u();
      f.i32.const(wordBits);
      f.i32.mul();
      f.i32.add();
    }
    f.set(first);
    f.get(first);
    f.i32.const(3);
    f.i32.shr_u();
    f.i64.load(0, 1);
    f.get(first);
    f.i32.const(7);
    f.i32.and();
    f.i64.extend_i32_u();
    f.i64.shr_u();
    f.i32.wrap_i64();
    if (wordBits < 32) {
      f.i32.const(2 ** wordBits - 1);
      f.i32.and();
    }
    f.set(word);
    return word;
  }

  /** The words of a vector's lanes, which are neighbours of 32 bits. */
  #words(place: Local): Local {
    const { f } = this.#frame;
    const words = f.local('v128');
    f.get(place);
    f.i32.const(3);
    f.i32.shr_u();
    f.v128.load(vectorBytes * this.#vectorOfTile());
    f.set(words);
    return words;
  }
}
