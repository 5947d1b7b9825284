import type { Conventions } from './conventions.ts';
import type { NirNode } from './graph.ts';
import { perItem, type Shape, sizeOf } from './shapes.ts';

/** A population of neurons: plain arithmetic in doubles. */
export class Neurons {
  /** Potentials: before the reset where it is late, else after it. */
  readonly v: Float64Array;
  readonly #node: NirNode;
  readonly #rules: Conventions;
  readonly #isInCycle: boolean;
  readonly #i: Float64Array;
  readonly #out: Float64Array;
  readonly #start: Float64Array;
  readonly #gain: Float64Array;
  readonly #kept: Float64Array;
  readonly #leak: Float64Array;
  readonly #threshold: Float64Array;
  readonly #reset: Float64Array;
  readonly #currentKept: Float64Array;
  readonly #currentGain: Float64Array;

  /** @throws PlasticoreError `data` for parameters of another shape */
  constructor(name: string, node: NirNode, shape: Shape, rules: Conventions, isInCycle: boolean) {
    const size = sizeOf(shape);
    const each = (parameter: string, otherwise = 0) => perItem(name, node, parameter, shape, otherwise);
    const { dt } = rules;
    const hasCurrent = node.type === 'CubaLI' || node.type === 'CubaLIF';
    const leaks = node.type !== 'I' && node.type !== 'IF';
    const isExponential = rules.leak === 'exponential';
    const tau = each(hasCurrent ? 'tau_mem' : 'tau', Infinity);
    const r = each('r', 1);
    this.#node = node;
    this.#rules = rules;
    this.#isInCycle = isInCycle;
    this.v = new Float64Array(size);
    this.#i = new Float64Array(size);
    this.#out = new Float64Array(size);
    this.#leak = each('v_leak');
    this.#threshold = each('v_threshold');
    this.#reset = each('v_reset');
    this.#start =
      rules.start === 'zero' ? new Float64Array(size) : rules.start === 'leak' ? this.#leak : this.#reset;
    // v = kept * v + (1 - kept) * v_leak + gain * x
    this.#kept = tau.map((time) => (leaks ? (isExponential ? Math.exp(-dt / time) : 1 - dt / time) : 1));
    this.#gain = r.map((resistance, at) => {
      const time = tau[at] ?? 1;
      if (!leaks) return dt * resistance;
      if (!isExponential) return (dt / time) * (rules.current === 'jump' && hasCurrent ? 1 : resistance);
      return rules.normalised && !hasCurrent ? 1 - Math.exp(-dt / time) : 1;
    });
    const synaptic = each('tau_syn', Infinity);
    const weights = each('w_in', 1);
    this.#currentKept = synaptic.map((time) =>
      rules.current === 'leaking-jump' ? Math.exp(-dt / time) : 1 - dt / time,
    );
    this.#currentGain = weights.map((weight, at) =>
      rules.current === 'euler' ? (dt / (synaptic[at] ?? 1)) * weight : 1,
    );
    this.restart();
  }

  restart(): void {
    this.v.set(this.#start);
    this.#i.fill(0);
    this.#out.fill(0);
  }

  /** One step. Returns spikes, or potentials of neurons that do not spike; valid until the next step. */
  step(x: Float64Array): Float64Array {
    const { type } = this.#node;
    const hasCurrent = type === 'CubaLI' || type === 'CubaLIF';
    const drive = hasCurrent ? this.#takeCurrent(x) : x;
    this.#takeReset('before');
    const [v, kept, leak, gain] = [this.v, this.#kept, this.#leak, this.#gain];
    for (let at = 0; at < v.length; at++) {
      const share = kept[at] ?? 0;
      v[at] = share * (v[at] ?? 0) + (1 - share) * (leak[at] ?? 0) + (gain[at] ?? 0) * (drive[at] ?? 0);
    }
    if (hasCurrent && this.#rules.current === 'jump') {
      for (let at = 0; at < v.length; at++) this.#i[at] = (this.#i[at] ?? 0) * (this.#currentKept[at] ?? 0);
    }
    if (type === 'I' || type === 'LI' || type === 'CubaLI') return v;
    this.#takeReset('after');
    this.#fire();
    return this.#out;
  }

  #takeCurrent(x: Float64Array): Float64Array {
    const [i, kept, gain] = [this.#i, this.#currentKept, this.#currentGain];
    const { current } = this.#rules;
    for (let at = 0; at < i.length; at++) {
      const [before, share, input] = [i[at] ?? 0, kept[at] ?? 0, (gain[at] ?? 0) * (x[at] ?? 0)];
      i[at] =
        current === 'jump'
          ? before + input
          : current === 'euler'
            ? share * before + input
            : share * (before + input);
    }
    return i;
  }

  /**
   * What spikes of the step before do late. A neuron with a current or a recurrence whose reset is to zero integrates nothing in
   * the step after a spike; others lose what they had, and integrate.
   */
  #takeReset(when: 'before' | 'after'): void {
    const { reset } = this.#rules;
    if (reset !== 'zero-late' && reset !== 'subtract-late') return;
    const isDead = this.#node.type === 'CubaLIF' || this.#isInCycle;
    if (when !== (reset === 'zero-late' && !isDead ? 'before' : 'after')) return;
    for (let at = 0; at < this.v.length; at++) {
      const spikes = this.#out[at] ?? 0;
      if (spikes === 0) continue;
      this.v[at] = reset === 'zero-late' ? 0 : (this.v[at] ?? 0) - spikes * (this.#threshold[at] ?? 0);
    }
  }

  #fire(): void {
    const { fires, reset } = this.#rules;
    for (let at = 0; at < this.v.length; at++) {
      const [v, threshold] = [this.v[at] ?? 0, this.#threshold[at] ?? 0];
      const holds = fires === 'above' ? v > threshold : v >= threshold;
      const spikes = !holds ? 0 : fires === 'each' ? Math.max(0, Math.floor(v / threshold)) : 1;
      this.#out[at] = spikes;
      if (spikes === 0) continue;
      if (reset === 'value') this.v[at] = this.#reset[at] ?? 0;
      if (reset === 'subtract') this.v[at] = v - spikes * threshold;
    }
  }
}
