import { describe, expect, test } from 'vitest';
import { assemble, type Kernel } from '../../src/isa/index.ts';
import { failure } from '../hardware/tiny.ts';
import { expectError } from '../support/errors.ts';

const assembled = (...lines: string[]) => assemble(lines.join('\n'), 'rule.uc');

/** One instruction of a kernel over synapses, on line 2 from column 3, after r0 and r1 were written. */
function line(instruction: string): Kernel[] {
  return assembled('kernel k over synapses', `  ${instruction}`, 'end');
}

describe('a program is read as written', () => {
  test('a kernel with everything in it', () => {
    const text = [
      '; a comment; and another',
      '',
      'kernel learn-fast over synapses where post.signal and pre.trace ; gates in any order',
      '\tld r0,pre.trace',
      '  clip   r1 , r0 , -0x10 , 0b11  ; numbers of three bases',
      '  sra.sr r2, r1, #rate',
      '  st     r2, syn.shadow',
      'end',
      'kernel mark over neuron',
      'ld r15, host.step',
      'emit r15',
      'end ; of the last',
      '',
    ];
    const at = (line: number, column: number) => ({ file: 'rule.uc', line, column });
    const register = (number: number) => ({ is: 'register', register: number });
    const expected = [
      {
        name: 'learn-fast',
        domain: 'synapses',
        rowGate: { role: 'pre', field: 'trace' },
        columnGate: { role: 'post', field: 'signal' },
        place: at(3, 8),
        body: [
          {
            mnemonic: 'ld',
            operands: [register(0), { is: 'field', role: 'pre', field: 'trace' }],
            place: at(4, 2),
          },
          {
            mnemonic: 'clip',
            operands: [register(1), register(0), { is: 'number', value: -16 }, { is: 'number', value: 3 }],
            place: at(5, 3),
          },
          {
            mnemonic: 'sra.sr',
            operands: [register(2), register(1), { is: 'parameter', name: 'rate' }],
            place: at(6, 3),
          },
          {
            mnemonic: 'st',
            operands: [register(2), { is: 'field', role: 'syn', field: 'shadow' }],
            place: at(7, 3),
          },
        ],
      },
      {
        name: 'mark',
        domain: 'neuron',
        rowGate: undefined,
        columnGate: undefined,
        place: at(9, 8),
        body: [
          {
            mnemonic: 'ld',
            operands: [register(15), { is: 'field', role: 'host', field: 'step' }],
            place: at(10, 1),
          },
          { mnemonic: 'emit', operands: [register(15)], place: at(11, 1) },
        ],
      },
    ];
    expect(assemble(text.join('\n'), 'rule.uc')).toEqual(expected);
    expect(assemble(text.join('\r\n'), 'rule.uc')).toEqual(expected);
  });

  test('nothing at all', () => {
    expect(assembled()).toEqual([]);
    expect(assembled('; only words', '')).toEqual([]);
  });

  test.each([
    ['2147483647', 2147483647],
    ['-2147483648', -2147483648],
    ['0x7fffffff', 2147483647],
    ['-0', 0],
    ['007', 7],
  ])('the number %s', (text, value) => {
    expect(line(`ldi r0, ${text}`)[0]?.body[0]?.operands[1]).toEqual({ is: 'number', value });
  });

  test('a load follows the stores of other fields, and shares a name with another role', () => {
    expect(
      assembled(
        'kernel k over row',
        'ld r0, post.v',
        'st r0, post.v',
        'ld r1, pre.v',
        'ld r2, post.u',
        'end',
      ),
    ).toHaveLength(1);
  });
});

describe('the structure of a text', () => {
  test.each<[string, string[], string, ...string[]]>([
    [
      'an instruction outside a kernel',
      ['  ld r0, self.v'],
      '1:3',
      "expected 'kernel', found 'ld'",
      'kernel NAME over DOMAIN',
    ],
    ['end outside a kernel', ['kernel k over neurons', 'emit r0', 'end', ' end'], '2:1', 'r0 is read before'],
    [
      'a second end',
      ['kernel k over neurons', 'ldi r0, 1', 'end', ' end'],
      '4:2',
      "expected 'kernel', found 'end'",
    ],
    ['words after end', ['kernel k over neurons', 'ldi r0, 1', 'end k'], '3:5', "end of the line, found 'k'"],
    ['an empty kernel', ['kernel k over neurons', '  end'], '2:3', "kernel 'k' has no instruction"],
    [
      'a kernel in a kernel',
      ['kernel k over neurons', 'ldi r0, 1', 'kernel l over row'],
      '3:1',
      "kernel 'k' is not ended",
      "write 'end' before",
    ],
    [
      'a kernel without end',
      ['', 'kernel k over neurons', '  ldi r0, 1'],
      '2:8',
      "kernel 'k' is not ended",
      "write 'end' after",
    ],
    [
      'a name twice',
      ['kernel k over neurons', 'ldi r0, 1', 'end', 'kernel  k over row'],
      '4:9',
      "kernel 'k' is defined twice",
    ],
    ['no name', ['kernel'], '1:1', "expected the kernel's name"],
    ['no proper name', ['kernel 3k over row'], '1:8', "expected the kernel's name, found '3k'"],
    ['no over', ['kernel k neurons'], '1:10', "expected 'over', found 'neurons'"],
    ['nothing after the name', ['kernel k'], '1:8', "expected 'over'"],
    [
      'no domain',
      ['kernel k over'],
      '1:10',
      'expected a domain',
      'known: neuron, neurons, row, synapse, synapses',
    ],
    [
      'an unknown domain',
      ['kernel k over synapsis'],
      '1:15',
      "expected a domain, found 'synapsis'",
      "did you mean 'synapses'?",
    ],
    ['no where', ['kernel k over row if post.v'], '1:19', "expected 'where', found 'if'"],
    ['no gate', ['kernel k over row where'], '1:19', 'expected a gate after where'],
    ['no and', ['kernel k over synapses where pre.a post.b'], '1:36', "expected 'and', found 'post.b'"],
    ['no gate after and', ['kernel k over synapses where pre.a and'], '1:36', 'expected a gate after and'],
    [
      'a third gate',
      ['kernel k over synapses where pre.a and post.b and pre.c'],
      '1:47',
      "end of the line, found 'and'",
    ],
    [
      'a gate of a role that cannot gate',
      ['kernel k over synapses where syn.a'],
      '1:30',
      "'syn.a' cannot gate a kernel over synapses",
      'gate by a field of pre or post',
    ],
    [
      'a row gate where the row is named',
      ['kernel k over row where pre.a'],
      '1:25',
      "'pre.a' cannot gate",
      'gate by a field of post',
    ],
    [
      'a gate where nothing is gated',
      ['kernel k over neuron where self.a'],
      '1:28',
      "'self.a' cannot gate",
      'takes no gate',
    ],
    [
      'a gate of a role that is not there',
      ['kernel k over neurons where post.a'],
      '1:29',
      "no role 'post'",
      'its roles: self, host',
    ],
    [
      'a gate by a host scalar',
      ['kernel k over neurons where host.label'],
      '1:29',
      "'host.label' cannot gate",
    ],
    ['a gate by position', ['kernel k over neurons where self.index'], '1:29', "'self.index' cannot gate"],
    ['two row gates', ['kernel k over synapses where pre.a and pre.b'], '1:40', 'a second gate for the rows'],
    [
      'two column gates',
      ['kernel k over synapses where post.a and post.b'],
      '1:41',
      'a second gate for the columns',
    ],
  ])('%s', (_, lines, at, ...parts) => {
    expectError(() => assembled(...lines), 'microcode', `rule.uc:${at}: `, ...parts);
  });
});

describe('an instruction', () => {
  test.each<[string, string, number, ...string[]]>([
    [
      'an unknown mnemonic',
      'mulsr r0, 1, 2, 3',
      3,
      "there is no operation 'mulsr'",
      "did you mean 'mulsra'?",
    ],
    ['a form that is not there', 'min.s r0, 1, 2', 3, "there is no operation 'min.s'"],
    ['no operand', 'ldi', 3, "'ldi' takes a register for the result, a number or #parameter"],
    [
      'a missing operand',
      'add r0, 1',
      11,
      "'add' takes a register for the result, a register, number or #parameter",
    ],
    ['nothing after a comma', 'ldi r0,', 9, "'ldi' takes"],
    ['nothing between commas', 'add r0,,1', 10, "'add' takes"],
    ['a missing comma', 'ldi r0 5', 10, "expected ',', found '5'"],
    ['an operand too many', 'ldi r0, 5, 6', 12, "end of the line, found ','", "'ldi' takes"],
    ['a word too many', 'rnd r0, 5 6', 13, "end of the line, found '6'"],
    [
      'a register that is not there',
      'ldi r16, 5',
      7,
      "there is no register 'r16'",
      'registers are r0 to r15',
    ],
    [
      'a result that is a number',
      'ldi 5, 5',
      7,
      "found the number '5'",
      "'ldi' takes a register for the result",
    ],
    ['a constant that is a register', 'ldi r0, r1', 11, "found the register 'r1'", 'a number or #parameter'],
    ['a shift amount that is a register', 'sra r0, 5, r1', 14, "found the register 'r1'"],
    ['a value that is a field', 'add r0, pre.v, 5', 11, "found the field 'pre.v'"],
    ['a field that is a register', 'ld r0, r1', 10, "found the register 'r1'", 'a field (role.name)'],
    ['a register that is a number', 'emit 5', 8, "found the number '5'", "'emit' takes a register"],
    ['a register that is a parameter', 'sel r0, #on, 1, 2', 11, "found the parameter '#on'"],
    [
      'no operand at all',
      'ldi r0, five',
      11,
      "expected an operand, found 'five'",
      'r0 to r15, a whole number, #parameter or role.field',
    ],
    ['a fraction', 'ldi r0, 0,5', 12, "end of the line, found ','"],
    ['a decimal point', 'ldi r0, 0.5', 11, "expected a whole number, found '0.5'", 'mulsra.rn'],
    ['an exponent', 'add r0, r0, 1e3', 15, "expected a whole number, found '1e3'"],
    ['a division', 'div r0, r0, r1', 3, "there is no operation 'div'", 'shift right with sra.rn'],
    ['a whole word', 'subtract r0, r0, r1', 3, "there is no operation 'subtract'", "did you mean 'sub'?"],
    ['a branch', 'beq r0, r1', 3, "there is no operation 'beq'", 'there are no branches', 'sel'],
    ['a load of another machine', 'lw r0, post.v', 3, "there is no operation 'lw'", "'ld' loads a field"],
    ['a word of no machine', 'qwertyuiop r0', 3, 'known: abs, add, and,'],
    ['a number beyond 32 bits', 'ldi r0, 2147483648', 11, '2147483648 does not fit a 32-bit register'],
    ['a number below 32 bits', 'ldi r0, -2147483649', 11, '-2147483649 does not fit a 32-bit register'],
    ['a hexadecimal number beyond 32 bits', 'ldi r0, 0x80000000', 11, '0x80000000 does not fit'],
    ['a parameter without a name', 'ldi r0, #', 11, "expected a parameter's name after '#'"],
    [
      'a parameter without a proper name',
      'ldi r0, #1st',
      11,
      "expected a parameter's name after '#', found '#1st'",
    ],
    [
      'an unknown role',
      'ld r0, per.v',
      10,
      "a kernel over synapses has no role 'per'",
      'its roles: pre, syn, post, host',
    ],
    ['a role of another domain', 'ld r0, self.v', 10, "a kernel over synapses has no role 'self'"],
    ['a role without a field', 'ld r0, pre.', 10, "expected pre.FIELD, found 'pre.'"],
    ['a field of a field', 'ld r0, pre.v.x', 10, "expected pre.FIELD, found 'pre.v.x'"],
    ['an unknown host scalar', 'ld r0, host.labe', 10, "the host writes no 'labe'", "did you mean 'label'?"],
    [
      'the position of a synapse',
      'ld r0, syn.index',
      10,
      "synapses have no 'index'",
      'pre.index or post.index',
    ],
    ['an amount too large', 'sra r0, 5, 32', 3, 'sra: expected a whole shift of -31 to 31, found 32'],
    [
      'an amount too small',
      'mulsra.sr r0, 5, 5, -32',
      3,
      'mulsra.sr: expected a whole shift of -31 to 31, found -32',
    ],
    ['a left shift to the right', 'shl.w r0, 5, -1', 3, 'shl.w: expected a whole shift of 0 to 31, found -1'],
    [
      'an unsigned shift to the left',
      'shr.rn r0, 5, -1',
      3,
      'shr.rn: expected a whole shift of 0 to 31, found -1',
    ],
    ['a draw too wide', 'rnd r0, 32', 3, 'rnd: expected a whole shift of 0 to 31, found 32'],
    [
      'bounds the wrong way round',
      'clip r0, 5, 3, 2',
      3,
      'clip: expected the lower bound first, found 3 and 2',
    ],
  ])('%s', (_, instruction, column, ...parts) => {
    expectError(() => line(instruction), 'microcode', `rule.uc:2:${column}: `, ...parts);
  });
});

describe('stores', () => {
  test.each<[string, string, string, ...string[]]>([
    ['into the position', 'st r0, post.index', '3:10', "'post.index' cannot be written"],
    ['into a host scalar', 'st r0, host.label', '3:10', "'host.label' cannot be written"],
    ['into pre', 'st r0, pre.v', '3:10', "'st' cannot write 'pre.v'", 'use reduce, or a kernel over neurons'],
    ['of a reduce into post', 'reduce r0, post.v', '3:14', "reduce writes a field of pre, found 'post.v'"],
    ['of a reduce into syn', 'reduce r0, syn.v', '3:14', "reduce writes a field of pre, found 'syn.v'"],
    ['of a reduce into the position', 'reduce r0, pre.index', '3:14', "'pre.index' cannot be written"],
  ])('%s', (_, instruction, at, ...parts) => {
    const text = ['kernel k over synapses', '  ldi r0, 3', `  ${instruction}`, 'end'];
    expectError(() => assembled(...text), 'microcode', `rule.uc:${at}: `, ...parts);
  });
});

describe('the order of an item’s work', () => {
  test.each<[string, string[], string, ...string[]]>([
    [
      'a register read before it is written',
      ['ldi r0, 1', 'add r1, r0, r2'],
      '3:3',
      'r2 is read before it is written',
    ],
    [
      'a register read by the line that writes it',
      ['add r1, r1, 1'],
      '2:3',
      'r1 is read before it is written',
    ],
    ['a register stored before it is written', ['st r7, post.v'], '2:3', 'r7 is read before it is written'],
    ['a register emitted before it is written', ['emit r7'], '2:3', 'r7 is read before it is written'],
    ['a predicate before it is written', ['ld.row r0, pre.v, r1'], '2:3', 'r1 is read before it is written'],
    [
      'a load after a store',
      ['ld r0, post.v', 'st r0, post.v', 'ld r1, post.v'],
      '4:3',
      "'post.v' is loaded after it was stored",
      'keep the value in a register',
    ],
    [
      'a load after a reduce',
      ['ldi r0, 1', 'reduce r0, pre.v', 'ld.row r1, pre.v, r0'],
      '4:3',
      "'pre.v' is loaded after it was stored",
    ],
    ['a second store', ['ldi r0, 1', 'st r0, syn.v', 'st r0, syn.v'], '4:3', "'syn.v' is stored twice"],
    [
      'a second reduce',
      ['ldi r0, 1', 'reduce r0, pre.v', 'reduce r0, pre.v'],
      '4:3',
      "'pre.v' is stored twice",
    ],
    ['a second emit', ['ldi r0, 1', 'emit r0', 'emit r0'], '4:3', 'a second emit', 'or, or split the kernel'],
  ])('%s', (_, lines, at, ...parts) => {
    const text = ['kernel k over synapses', ...lines.map((instruction) => `  ${instruction}`), 'end'];
    expectError(() => assembled(...text), 'microcode', `rule.uc:${at}: `, ...parts);
  });

  test('each kernel has its own registers and stores', () => {
    expectError(
      () => assembled('kernel a over row', 'ldi r0, 1', 'end', 'kernel b over row', 'emit r0', 'end'),
      'microcode',
      'rule.uc:5:1: r0 is read before it is written',
    );
    const store = ['ldi r0, 1', 'st r0, post.v', 'end'];
    expect(assembled('kernel a over row', ...store, 'kernel b over row', ...store)).toHaveLength(2);
  });
});

describe('all faults of a text are reported at once', () => {
  const placesOf = (...lines: string[]): string[] =>
    failure(() => assembled(...lines))
      .describe()
      .split('\n')
      .filter((shown) => shown.startsWith('rule.uc'));

  test('line by line, with what helps at each', () => {
    const text = [
      'kernel k over row',
      'div r0, r1, 2',
      'ldi r99, 1',
      'ldi r1',
      'end',
      'kernel l over nothing',
      'end',
    ];
    const { message, others } = failure(() => assembled(...text));
    expect([message, ...others.map((other) => other.message)]).toEqual([
      "there is no operation 'div'",
      "there is no register 'r99'",
      "'ldi' takes a register for the result, a number or #parameter",
      "expected a domain, found 'nothing'",
    ]);
    expect(others.map(({ line, column }) => [line, column])).toEqual([
      [3, 5],
      [4, 5],
      [6, 15],
    ]);
    expect(others[0]?.hint).toBe('registers are r0 to r15');
  });

  test('a kernel is judged as a whole only if its lines are right, and each register once', () => {
    const first = ['kernel a over row', 'ldx r0, 1', 'emit r0', 'end'];
    const second = ['kernel b over row', 'add r0, r1, 1', 'emit r1', 'emit r5', 'end'];
    expect(placesOf(...first, ...second)).toEqual([
      "rule.uc:2:1: there is no operation 'ldx'",
      'rule.uc:6:1: r1 is read before it is written',
      'rule.uc:8:1: a second emit',
    ]);
  });

  test('after a kernel that is not ended, or whose head is wrong, the next one is read', () => {
    expect(
      placesOf(
        'ldi r0, 1',
        'emit r0',
        'kernel a',
        'emit r7',
        'end',
        'kernel b over row',
        'kernel c over row',
        'emit',
      ),
    ).toEqual([
      "rule.uc:1:1: expected 'kernel', found 'ldi'",
      "rule.uc:3:8: expected 'over', found 'the end of the line'",
      "rule.uc:7:1: kernel 'b' is not ended",
      "rule.uc:7:8: kernel 'c' is not ended",
      "rule.uc:8:1: 'emit' takes a register",
    ]);
  });

  test('a fault in a routine once, however often it is called', () => {
    const routine = ['routine r', 'adt r0, r0, 1', 'end'];
    const caller = (name: string) => [`kernel ${name} over neurons`, 'ldi r0, 1', 'call r', 'call s', 'end'];
    expect(placesOf(...routine, ...caller('a'), ...caller('b'))).toEqual([
      "rule.uc:2:1: there is no operation 'adt'",
      "rule.uc:7:6: there is no routine 's' above this line",
      "rule.uc:12:6: there is no routine 's' above this line",
    ]);
  });
});
