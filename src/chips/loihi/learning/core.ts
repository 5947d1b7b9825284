import { type Core, type CoreImage, createCore, fieldNamed, namesIn } from '../../api.ts';

/** A core of Loihi that learns, by the names of its program: events, scalars, fields. */
export class LearningCore {
  readonly #core: Core;
  readonly #names: ReturnType<typeof namesIn>;

  /**
   * @param onCore told of the core
   * @throws PlasticoreError `image` if the image is not one of a core of Loihi
   */
  constructor(image: CoreImage, engine: string, onCore?: (core: Core) => void) {
    this.#core = createCore(image, { engine });
    onCore?.(this.#core);
    this.#names = namesIn(this.#core, 'loihi');
  }

  trigger(event: string, scalars: Readonly<Record<string, number>> = {}): void {
    for (const [name, value] of Object.entries(scalars)) this.#core.event[this.#names.scalar(name)] = value;
    this.#core.trigger(this.#names.event(event));
  }

  read(field: string): Float64Array {
    return this.#core.read(fieldNamed(this.#core.image, field));
  }

  write(field: string, values: ArrayLike<number>): void {
    this.#core.write(fieldNamed(this.#core.image, field), values);
  }
}
