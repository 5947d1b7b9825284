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

  it('are ended, named once, and not empty of a name', () => {
    const message = (source: string) => failure(() => assemble(source, 'a.uc')).message;
    expect(message('routine a\nldi r0, 1\n')).toBe("routine 'a' is not ended");
    expect(message('routine a\nkernel b over neurons\n')).toBe("routine 'a' is not ended");
    expect(message('routine a\nend\nroutine a\nend\n')).toBe("routine 'a' is defined twice");
    expect(message('routine\n')).toContain("expected the routine's name");
  });
});
