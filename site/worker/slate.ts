/** A data set with one more sample at the end of both parts, which a person draws. */
import type { Dataset, LabelledSet } from '../../src/data/index.ts';

export interface Slate {
  /** The data, with the drawing as the last sample of each part. */
  readonly data: Dataset;
  /** The drawing's number among the samples to learn, and among those to test. */
  readonly train: number;
  readonly test: number;
  /** Puts a drawing there, with the label that it is taught with. */
  draw(picture: Uint8Array, label: number): void;
}

/** Undefined where samples are no features, which nobody can draw. */
export function slateOf(data: Dataset): Slate | undefined {
  const { train, test } = data;
  if (train.kind !== 'features' || test.kind !== 'features') return undefined;
  const withSlot = <Set extends LabelledSet & { readonly kind: 'features' }>(set: Set) => {
    const values = new Uint8Array((set.count + 1) * set.inputs);
    values.set(set.values);
    const labels =
      set.labels.constructor === Uint16Array ? new Uint16Array(set.count + 1) : new Uint8Array(set.count + 1);
    labels.set(set.labels);
    return { ...set, values, labels, count: set.count + 1 };
  };
  const [learned, tested] = [withSlot(train), withSlot(test)];
  return {
    data: { ...data, train: learned, test: tested },
    train: train.count,
    test: test.count,
    draw(picture, label) {
      for (const set of [learned, tested]) {
        set.values.set(picture, (set.count - 1) * set.inputs);
        set.labels[set.count - 1] = label;
      }
    },
  };
}
