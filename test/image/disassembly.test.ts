import { describe, expect, test } from 'vitest';
import { kernelText, type ProgramView } from '../../src/image/index.ts';
import { assemble, disassemble } from '../../src/isa/index.ts';
import { imageOf } from '../support/core.ts';

const rule = `kernel learn over synapses where pre.trace and post.signal
  ld       r0, pre.trace
  ld       r1, post.signal
  mul      r2, r0, r1
  sra.sr   r2, r2, #rate
  ld       r3, syn.shadow
  add.s    r3, r3, r2
  st       r3, syn.shadow
end
`;

const count = `kernel count over neurons
  ld       r0, self.index
  ld       r1, host.label
  cmp.eq   r0, r0, r1
  emit     r0
end
`;

const image = imageOf(
  `format: plasticore/program/1
name: named
steps: 1
input: in
populations:
  in: {size: 3, fields: {trace: {kind: real, bits: 4, signed: false}}}
  out: {size: 2, fields: {signal: {kind: real, bits: 4, signed: true}}}
projections: {w: {from: in, to: out}}
parameters: {rate: {value: 3, add: {2: 1}}}
microcode: {rule: rule.uc}
events: {tick: [{run: learn, over: w}, {run: count, over: out}]}
readout: out.signal
`,
  `${rule}\n${count}`,
);

/** All kernels of an image in index order, each under a comment that says what it runs over. */
function disassembleImage(whole: ProgramView): string {
  const texts = whole.kernels.map((kernel, index) => {
    const { header, lines } = kernelText(whole, kernel);
    return [`; ${whole.work[index]}`, header, ...lines.map(({ text }) => `  ${text}`), 'end'].join('\n');
  });
  return `${texts.join('\n\n')}\n`;
}

describe('the kernels of an image', () => {
  test('have the text that they were assembled from, under what they run over', () => {
    expect(disassembleImage(image)).toBe(`; learn(w)\n${rule}\n; count(out)\n${count}`);
  });

  test('assemble again', () => {
    const kernels = assemble(disassembleImage(image), 'image.uc');
    expect(disassemble(kernels)).toBe(`${rule}\n${count}`);
  });

  test('have the ranges of their integers', () => {
    const [learn] = image.kernels;
    if (learn === undefined) throw new Error('no kernel');
    const { header, lines } = kernelText(image, learn);
    expect(header).toBe('kernel learn over synapses where pre.trace and post.signal');
    // Traces of 0 to 15, signals of -8 to 7.
    expect(lines[2]).toEqual({
      text: 'mul      r2, r0, r1',
      arithmetic: 'integer',
      range: { low: -120, high: 105 },
    });
    expect(lines[6]?.range).toBeUndefined();
  });
});
