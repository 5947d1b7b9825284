import { describe, expect, it } from 'vitest';
import { assemble, disassemble } from '../../src/isa/index.ts';
import { failure } from '../hardware/tiny.ts';

const text = `routine bump
  ld  r1, neuron.v
  add r1, r1, r0
end
routine keep
  call bump
  st  r1, neuron.v
end
kernel a over neurons
  ldi r0, 1
  call keep
end
kernel b over row
  ld r0, syn.w
  call keep
end
`;

describe('routines', () => {
  it('replace their calls, with the neuron of the domain', () => {
    const plain = `kernel a over neurons
  ldi r0, 1
  ld  r1, self.v
  add r1, r1, r0
  st  r1, self.v
end
kernel b over row
  ld r0, syn.w
  ld  r1, post.v
  add r1, r1, r0
  st  r1, post.v
end
`;
    expect(disassemble(assemble(text, 'a.uc'))).toBe(disassemble(assemble(plain, 'a.uc')));
  });

  it('report a fault at their own line', () => {
    const { line, column } = failure(() => assemble(text.replace('add r1', 'adt r1'), 'a.uc'));
    expect([line, column]).toEqual([3, 3]);
  });

  it.each([
    ['call keep\n', "there is no routine 'keep' above this line"],
    ['call kepe', "there is no routine 'kepe' above this line"],
    ['call', "expected a routine's name after call"],
    ['call keep now', "expected the end of the line, found 'now'"],
  ])('refuse %j', (line, message) => {
    const source = line.endsWith('\n')
      ? `kernel a over neurons\n${line}end\n`
      : text.replace('call keep', line);
    expect(failure(() => assemble(source, 'a.uc')).message).toBe(message);
  });

  it('make a kernel no longer than 4096 instructions, nor any routine', () => {
    const lines = (count: number, line: string) => `${line}\n`.repeat(count);
    const kernel = (body: string) => `kernel a over neurons\n${body}end\n`;
    expect(assemble(kernel(lines(4096, 'ldi r0, 1')), 'a.uc')[0]?.body).toHaveLength(4096);
    // Line 1 is the head: instruction 4097 stands in line 4098. The others are not reported.
    expect(failure(() => assemble(kernel(lines(300_000, 'ldi r0, 1')), 'a.uc'))).toMatchObject({
      message: "kernel 'a' has more than 4096 instructions, the most that one may have",
      line: 4098,
      column: 1,
      hint: 'write several kernels, and run one after the other',
    });
    // Six levels of ten: `level3` has 1000 instructions, and the fifth call of it in `level4` is one too many.
    const levels = [1, 2, 3, 4, 5, 6].map(
      (level) => `routine level${level}\n${lines(10, `call level${level - 1}`)}end\n`,
    );
    const text = `routine level0\nldi r0, 1\nend\n${levels.join('')}${kernel('call level6\n')}`;
    expect(failure(() => assemble(text, 'a.uc'))).toMatchObject({
      message: "routine 'level4' has more than 4096 instructions, the most that one may have",
      line: 3 + 3 * 12 + 1 + 5,
      column: 1,
    });
  });

  it('are ended, named once, and not empty of a name', () => {
    const message = (source: string) => failure(() => assemble(source, 'a.uc')).message;
    expect(message('routine a\nldi r0, 1\n')).toBe("routine 'a' is not ended");
    expect(message('routine a\nkernel b over neurons\n')).toBe("routine 'a' is not ended");
    expect(message('routine a\nend\nroutine a\nend\n')).toBe("routine 'a' is defined twice");
    expect(message('routine\n')).toContain("expected the routine's name");
  });
});
